"""What a saved index is made of: bytes by field, from the directory at its end."""

from __future__ import annotations

import json
import re
import struct
from collections import Counter
from pathlib import Path
from typing import Final

_TAIL: Final = struct.Struct("<QQII")
_FACT: Final = re.compile(r"(?:contact|company)\.\w+")


def snapshot_parts(snapshot: Path) -> dict[str, int]:
    """Bytes by field, the largest first; `records` is what belongs to none."""
    found: Counter[str] = Counter()
    with snapshot.open("rb") as file:
        file.seek(-_TAIL.size, 2)
        start, length, *_ = _TAIL.unpack(file.read())
        file.seek(start)
        for name, entry in json.loads(file.read(length)).items():
            fact = _FACT.search(name)
            found[fact[0] if fact else "records"] += entry["size"]
    return dict(found.most_common())
