"""What a cluster must have: its product and version, and settings whose defaults are too low for large queries."""

from __future__ import annotations

import re
from typing import Any, Final

from letrics.engines.base import EngineAway
from letrics.engines.opensearch.cluster_client import Client

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


def check_cluster(client: Client) -> None:
    """Raise EngineAway if the cluster cannot be used, with how to fix it."""
    about = client.request_blocking("GET", "/")
    version = about.get("version", {}) if isinstance(about, dict) else {}
    if version.get("distribution") != "opensearch":
        raise EngineAway(f"{client.address} is not OpenSearch: use a cluster of OpenSearch {_VERSION} or newer")
    number = re.match(r"\d+", str(version.get("number")))
    if number is None or int(number[0]) < _VERSION:
        raise EngineAway(f"{client.address} is OpenSearch {version.get('number')}: upgrade it to {_VERSION} or newer")
    found = client.request_blocking("GET", "/_cluster/settings?include_defaults=true&flat_settings=true")
    low = {name: least for name, least in _AT_LEAST.items() if _value(found, name, least) < least}
    if low:
        settings = ", ".join(f'"{name}": {least}' for name, least in low.items())
        raise EngineAway(
            f"{client.address}: the cluster's limits are too low for large filters. Raise them: curl -X PUT "
            f"'{client.address.nodes[0]}/_cluster/settings' -H 'content-type: application/json' "
            f"-d '{{\"persistent\": {{{settings}}}}}'"
        )


def _value(settings: dict[str, Any], name: str, default: int) -> int:
    """The value of a setting; `default` if the cluster does not have it."""
    values = [settings[section][name] for section in _SECTIONS if name in settings.get(section, {})]
    return int(values[-1]) if values else default
