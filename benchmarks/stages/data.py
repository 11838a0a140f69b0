"""Generates the data and imports it into an empty home by the command line, as a user would."""

from __future__ import annotations

import json
import re
import shutil
import struct
import time
from collections import Counter
from pathlib import Path
from typing import Final

from benchmarks import generate
from benchmarks.measure import disk_bytes
from benchmarks.stages.bench import Bench, Figures
from benchmarks.stages.imports import measured_import
from letrics.settings import Home

NIGHTS: Final = 10
"""The number of nights whose changes are generated."""
_TAIL: Final = struct.Struct("<QQII")
"""The end of a saved index: start and length of its directory, and two checksums."""
_FACT: Final = re.compile(r"(?:contact|company)\.\w+")


def run(bench: Bench) -> Figures:
    started = time.monotonic()
    files = generate.generate(*bench.size)
    generate.nights(*bench.size, NIGHTS)
    generate.imports(*bench.size, bench.import_rows)
    figures: Figures = bench.saved("data") or {"generated_s": time.monotonic() - started}
    if not bench.home.exists():
        part = bench.home.with_name(f"{bench.home.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        found = measured_import(part, *files)
        part.rename(bench.home)
        figures |= {name: found[name] for name in ("rows", "whole_s", "written_s", "peak_bytes")}
        figures["rows_per_second"] = found["rows"] / found["whole_s"]
    home = Home(bench.home)
    return figures | {
        "database_bytes": home.database.stat().st_size,
        "snapshot_bytes": disk_bytes(home.snapshot.parent),
        "snapshot_parts": snapshot_parts(home.snapshot),
    }


def snapshot_parts(snapshot: Path) -> dict[str, int]:
    """Bytes of a saved index by field, from the directory at its end, largest first; `records` belongs to no field."""
    found: Counter[str] = Counter()
    with snapshot.open("rb") as file:
        file.seek(-_TAIL.size, 2)
        start, length, *_ = _TAIL.unpack(file.read())
        file.seek(start)
        for name, entry in json.loads(file.read(length)).items():
            fact = _FACT.search(name)
            found[fact[0] if fact else "records"] += entry["size"]
    return dict(found.most_common())
