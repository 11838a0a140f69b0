"""The search engines that the conformance suite proves: one line each in ENGINES."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import msgspec
import numpy as np

from letrics.engines.base import LoadProgress, SearchEngine
from letrics.engines.bitmap import BitmapEngine
from letrics.engines.bitmap.storage.bitmap_store import BitmapStore
from letrics.engines.bitmap.storage.composite_file import Plain, read_composite_file, write_composite_file
from letrics.store.base import Store


class FollowingEngine(SearchEngine, Protocol):
    """An engine that follows the log in this process, and can save what it has built."""

    def load(self, store: Store, snapshot: Path | None = None, progress: LoadProgress | None = None) -> None: ...

    def catch_up(self, store: Store) -> bool: ...

    def save(self, snapshot: Path) -> None: ...


ENGINES: dict[str, Callable[[int], FollowingEngine]] = {
    "bitmap": lambda budget_ms: BitmapEngine(budget_ms=budget_ms, suggestion_ms=60_000),
}
"""Name to a maker that takes the time budget of one query, milliseconds."""


def change_fields(snapshot: Path) -> None:
    """Rewrite a saved index as a program with another catalogue of fields would have saved it."""
    sections = read_composite_file(snapshot)
    sections["stamps"]["fields"] = "another"
    kept = {
        name: section if isinstance(section, np.ndarray | BitmapStore) else Plain(section)
        for name, section in sections.items()
    }
    write_composite_file(snapshot, kept)


def sections(snapshot: Path) -> dict[str, tuple[int, int]]:
    """Where each part of a saved index lies in its file: offset and length. Parts without bytes are left out."""
    data = snapshot.read_bytes()
    start, length, _, _ = struct.unpack("<QQII", data[-24:])
    listing: dict[str, dict[str, Any]] = msgspec.json.decode(data[start : start + length])
    found = {name: (int(entry["offset"]), int(entry["size"])) for name, entry in listing.items() if entry["size"]}
    return found | {"(magic)": (0, 8), "(directory)": (start, length), "(tail)": (len(data) - 24, 24)}
