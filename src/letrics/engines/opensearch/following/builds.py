"""Builds: sets of indexes that belong together, made next to each other. Aliases say which one is searched."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.mapping import index_body
from letrics.engines.opensearch.names import PARTS, IndexNames, Part

_SECONDS: Final = 30.0
"""Time limit of a request that changes indexes: the cluster manager processes them one after the other."""
_GREEN_SECONDS: Final = 600.0
"""How long a new build waits for its replicas. Then it is searched without them."""
_POLL_SECONDS: Final = 0.1
"""Pause between two questions for the health of a build."""
_COPIES: Final = "0-1"
"""Replicas of each shard: one, if the cluster has more than one node."""
_UNMERGED: Final = 500
"""Segments of a shard that is loaded which are not merged yet, of about 50 MB with a heap of 3 GB. Merging them at once
takes as long as indexing. Lucene keeps about 18 files of each open."""
_WRITING: Final = "-writing"
"""The end of the alias through which a build is written. It ends with the build, so late requests are refused."""


@dataclass(frozen=True, slots=True)
class Build:
    """The names of the indexes of one build."""

    names: IndexNames
    id: str

    def index(self, part: Part) -> str:
        """The name of an index."""
        return self.names.index(part, self.id)

    def alias(self, part: Part) -> str:
        """The alias for writing to it until it is searched."""
        return f"{self.index(part)}{_WRITING}"


class Builds:
    """The builds that are named by `names`, of `shards` shards for each kind of record."""

    def __init__(self, client: Client, names: IndexNames, shards: int = 1) -> None:
        self._client = client
        self._names = names
        self._shards = shards

    def create(self) -> Build:
        """Create the indexes of a new build, without replicas: each of them would do the same work again."""
        build = Build(self._names, f"{time.time_ns() // 1_000_000:x}{secrets.token_hex(2)}")
        for part in PARTS:
            body = index_body(part, self._shards)
            body["settings"]["index"] |= {
                "translog.durability": "async",
                # Versions of deleted documents are remembered for that long, so that a late writer adds none again.
                "gc_deletes": "1h",
                "merge.policy": {"segments_per_tier": _UNMERGED, "max_merge_at_once": _UNMERGED},
            }
            body["mappings"]["properties"]["digest"] = {"type": "long", "index": False}
            body["aliases"] = {build.alias(part): {}}
            self._put(build.index(part), body)
        return build

    def complete(self, build: Build, check: Callable[[], None]) -> None:
        """Add the replicas of a build that was filled, and wait for them. `check` may raise to end the wait.

        They are copied as files after a flush that follows the sync of the translog. Otherwise each of them would index
        all documents again.
        """
        indexes = ",".join(map(build.index, PARTS))
        self._request("PUT", f"/{indexes}/_settings", {"index": {"translog.durability": "request"}})
        self._request("POST", f"/{indexes}/_flush")
        self._request("POST", f"/{indexes}/_flush?force=true")
        merging = {"segments_per_tier": None, "max_merge_at_once": None}
        self._request(
            "PUT", f"/{indexes}/_settings", {"index": {"auto_expand_replicas": _COPIES, "merge.policy": merging}}
        )
        deadline = time.monotonic() + _GREEN_SECONDS
        while self._request("GET", f"/_cluster/health/{indexes}")["status"] != "green":
            if time.monotonic() > deadline:
                return
            time.sleep(_POLL_SECONDS)
            check()

    def publish(self, build: Build) -> None:
        """Have all searches use this build from now on: one change of all aliases."""
        actions: list[dict[str, Any]] = []
        for part in PARTS:
            alias = self._names.alias(part)
            former = self._client.request_blocking("GET", f"/_alias/{alias}", missing=True, seconds=_SECONDS) or {}
            actions += [{"remove": {"index": index, "alias": alias}} for index in former]
            actions.append({"add": {"index": build.index(part), "alias": alias}})
            actions.append({"remove": {"index": build.index(part), "alias": build.alias(part)}})
        self._request("POST", "/_aliases", {"actions": actions})

    def start_merges(self) -> None:
        """Have the cluster merge the segments of the build that is searched, in the background.

        It would do so after the next change.
        """
        indexes = ",".join(map(self._names.alias, PARTS))
        self._request("POST", f"/{indexes}/_forcemerge?wait_for_completion=false")

    def unpublished(self) -> list[str]:
        """The indexes that no alias for searches refers to."""
        pattern = ",".join(f"{self._names.alias(part)}-*" for part in PARTS)
        found = self._client.request_blocking("GET", f"/{pattern}/_alias", missing=True, seconds=_SECONDS) or {}
        used = {self._names.alias(part) for part in PARTS}
        return sorted(index for index, about in found.items() if not used & about["aliases"].keys())

    def other_versions(self) -> list[str]:
        """The fingerprints of other versions of the program that have indexes with this prefix."""
        return sorted(self._versions().keys() - {self._names.fingerprint})

    def delete_version(self, fingerprint: str) -> None:
        """Delete all indexes of another version."""
        self.delete(self._versions().get(fingerprint, []))

    def _versions(self) -> dict[str, list[str]]:
        """The indexes of all versions by their fingerprints. Another installation's prefix may begin with this one."""
        start = f"{self._names.prefix}-"
        found = self._client.request_blocking("GET", f"/{start}*/_alias", missing=True, seconds=_SECONDS) or {}
        versions: dict[str, list[str]] = {}
        for index in found:
            match index.removeprefix(start).split("-"):
                case [part, fingerprint, _] if part in PARTS:
                    versions.setdefault(fingerprint, []).append(index)
        return versions

    def delete(self, indexes: list[str]) -> None:
        """Delete indexes, if they exist."""
        for index in indexes:
            self._client.request_blocking("DELETE", f"/{index}", missing=True, seconds=_SECONDS)

    def is_complete(self) -> bool:
        """Whether all indexes that are searched are there: an administrator can delete one of them."""
        path = f"/_alias/{','.join(map(self._names.alias, PARTS))}"
        return self._client.request_blocking("GET", path, missing=True) is not None

    def indexed(self) -> int:
        """How many documents the indexes of this version have received, also those that are being built."""
        indexes = ",".join(f"{self._names.alias(part)}-*" for part in PARTS)
        path = f"/{indexes}/_stats/indexing?filter_path=_all.primaries.indexing.index_total"
        found = self._client.request_blocking("GET", path, missing=True)
        return 0 if not found else int(found["_all"]["primaries"]["indexing"]["index_total"])

    def is_copying(self) -> bool:
        """Whether shards of the indexes of this version are copied to other nodes. No documents are sent meanwhile."""
        indexes = ",".join(f"{self._names.alias(part)}-*" for part in PARTS)
        found = self._client.request_blocking("GET", f"/_cluster/health/{indexes}", missing=True)
        return bool(found and found.get("initializing_shards"))

    def refresh(self, alias: Callable[[Part], str]) -> None:
        """Make all that was written visible for searches."""
        self._request("POST", f"/{','.join(map(alias, PARTS))}/_refresh")

    def bytes(self) -> int:
        """The size on disk of the indexes that are searched, with their replicas."""
        indexes = ",".join(map(self._names.alias, PARTS))
        path = f"/{indexes}/_stats/store?filter_path=_all.total.store.size_in_bytes"
        found = self._client.request_blocking("GET", path, missing=True)
        return 0 if not found else int(found["_all"]["total"]["store"]["size_in_bytes"])

    def _put(self, index: str, body: dict[str, Any]) -> None:
        """Create an index. A request that was sent again because its reply was lost finds it there."""
        if self._client.request_blocking("GET", f"/{index}/_alias", missing=True) is None:
            self._request("PUT", f"/{index}?wait_for_active_shards=1", body)

    def _request(self, method: str, path: str, body: object = None) -> Any:
        return self._client.request_blocking(method, path, body, seconds=_SECONDS)
