"""Documents about the indexes, in the index of the dictionary: the position of the log that they have reached, and the
request to build them again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from letrics.engines.common.erasure_schedule import NEVER, ReadAt
from letrics.engines.opensearch.cluster_client import Client
from letrics.store.base import Position

CONFLICT: Final = 409
"""The status of the ClusterError if the stored document has a higher version."""


@dataclass(frozen=True, slots=True)
class IndexedPosition:
    """What the document says: the position, when it was written, and whether searches are refused until the follower
    has caught up. `built` says when the indexes were read from the whole log."""

    position: Position
    written_ms: int
    suspended: bool = False
    built: ReadAt = NEVER


def read_position(client: Client, alias: str) -> IndexedPosition | None:
    """Read the position from the index behind `alias`. None if there is no index, or it was never filled."""
    reply = client.request_blocking("GET", f"/{alias}/_doc/position", missing=True)
    found = None if reply is None else reply["_source"]
    if found is None or "log" not in found:
        return None
    position = Position(found["log"], found["seq"], found["batch"])
    return IndexedPosition(
        position, found["written_ms"], found.get("suspended", False), tuple(found.get("built", NEVER))
    )


def write_position(
    client: Client, alias: str, position: Position, suspended: bool = False, built: ReadAt = NEVER
) -> None:
    """Write the position. One of a lower seq than the current one is refused: ClusterError with `CONFLICT`."""
    document = {
        "type": "position",
        "log": position.log,
        "seq": position.seq,
        "batch": position.batch,
        "written_ms": time.time_ns() // 1_000_000,
        "suspended": suspended,
        "built": built,
    }
    query = f"require_alias=true&version={position.seq}&version_type=external_gte"
    client.request_blocking("PUT", f"/{alias}/_doc/position?{query}", document)


def request_rebuild(client: Client, alias: str) -> None:
    """Ask the process that feeds the indexes to build them again. The request is deleted with the former index.

    Indexes that do not exist are built without being asked.
    """
    client.request_blocking("PUT", f"/{alias}/_doc/rebuild?require_alias=true", {"type": "rebuild"}, missing=True)


def is_rebuild_requested(client: Client, alias: str) -> bool:
    """Whether any process has asked for that."""
    return client.request_blocking("GET", f"/{alias}/_doc/rebuild", missing=True) is not None
