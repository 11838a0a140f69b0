"""The files of saved indexes, as tests damage them."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from letrics.engines.bitmap.storage.bitmap_store import BitmapStore
from letrics.engines.bitmap.storage.composite_file import Plain, read_composite_file, write_composite_file


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
