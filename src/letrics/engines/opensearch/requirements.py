"""What a cluster must have: its product and version, settings whose defaults are too low for large queries, and indexes
that accept changes."""

from __future__ import annotations

import re
from typing import Any, Final

from letrics.engines.base import EngineAway
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.names import PARTS, IndexNames

_VERSION: Final = 3
"""The lowest major version of OpenSearch."""
_AT_LEAST: Final = {
    # A filter with 500 titles has thousands of clauses.
    "indices.query.bool.max_clause_count": 8192,
    # A facet counts all values of a field at once, and a jump to a page counts ranges of nums.
    "search.max_buckets": 65_535,
}
"""The lowest values of settings of the cluster."""
_SECTIONS: Final = ("defaults", "persistent", "transient")
"""Where a cluster has a setting. Later ones take precedence."""
_SETTINGS: Final = "/_cluster/settings?include_defaults=true&flat_settings=true"
_BLOCKS: Final = ("cluster.blocks.read_only", "cluster.blocks.read_only_allow_delete", "cluster.blocks.create_index")
"""Settings of the cluster with which an administrator blocks changes of all indexes."""
_FULL: Final = "read_only_allow_delete"
"""The block that a cluster sets on an index when a disk is nearly full, and removes when there is space again."""


def check_cluster(client: Client) -> None:
    """Raise EngineAway if the cluster cannot be used, with how to fix it."""
    about = client.request_blocking("GET", "/")
    version = about.get("version", {}) if isinstance(about, dict) else {}
    if version.get("distribution") != "opensearch":
        raise _unusable(client, f"it is not OpenSearch: use a cluster of OpenSearch {_VERSION} or newer")
    number = re.match(r"\d+", str(version.get("number")))
    if number is None or int(number[0]) < _VERSION:
        raise _unusable(client, f"it is OpenSearch {version.get('number')}: upgrade it to {_VERSION} or newer")
    found = client.request_blocking("GET", _SETTINGS)
    low = {name: least for name, least in _AT_LEAST.items() if _value(found, name, least) < least}
    if low:
        settings = ", ".join(f'"{name}": {least}' for name, least in low.items())
        raise EngineAway(
            f"{client.address}: the cluster's limits are too low for large filters. Raise them: curl -X PUT "
            f"'{client.address.nodes[0]}/_cluster/settings' -H 'content-type: application/json' "
            f"-d '{{\"persistent\": {{{settings}}}}}'",
            reason=f"the limits of OpenSearch are too low for large filters, raise its settings to {{{settings}}}",
        )


def check_blocks(client: Client, names: IndexNames) -> None:
    """Raise EngineAway if the cluster or an index that is searched accepts no changes, with how to fix it."""
    found = client.request_blocking("GET", _SETTINGS)
    set_here = [name for name in _BLOCKS if any(found.get(section, {}).get(name) == "true" for section in _SECTIONS)]
    if set_here:
        raise _unusable(client, f"changes are blocked by the cluster's setting {set_here[0]}: remove it")
    for index, about in _indexes(client, names).items():
        if about.get("verified_before_close") == "true":
            raise _unusable(client, f"{index} is closed: open it, or delete it, and it is loaded again")
        blocks = [name for name, value in about.get("blocks", {}).items() if value == "true"]
        if _FULL in blocks:
            raise _unusable(
                client,
                f"the disk of a node is nearly full, so {index} accepts no changes until there is "
                "space: free some, or add a node",
            )
        if blocks:
            setting = f"index.blocks.{blocks[0]}"
            raise _unusable(client, f"changes are blocked by the setting {setting} of {index}: remove it")


def _unusable(client: Client, reason: str) -> EngineAway:
    return EngineAway(f"{client.address}: {reason}", reason=f"the search cluster cannot be used: {reason}")


def check_names(client: Client, names: IndexNames) -> None:
    """Raise EngineAway if an index of another program has a name that searches use."""
    _indexes(client, names)


def _indexes(client: Client, names: IndexNames) -> dict[str, Any]:
    """Settings of the indexes that are searched, by their names."""
    aliases = {names.alias(part) for part in PARTS}
    wanted = ",".join(f"*.settings.index.{name}" for name in ("uuid", "blocks", "verified_before_close"))
    path = f"/{','.join(sorted(aliases))}/_settings?ignore_unavailable=true&filter_path={wanted}"
    found = {index: about["settings"]["index"] for index, about in client.request_blocking("GET", path).items()}
    for index in aliases & found.keys():
        raise _unusable(
            client, f"{index} is an index of another program: choose another prefix in the setting `engine`"
        )
    return found


def _value(settings: dict[str, Any], name: str, default: int) -> int:
    """The value of a setting; `default` if the cluster does not have it."""
    values = [settings[section][name] for section in _SECTIONS if name in settings.get(section, {})]
    return int(values[-1]) if values else default
