"""The data made, and imported into a fresh home with the index: by the command line, as a user would."""

from __future__ import annotations

import json
import shutil
import subprocess
import time

from benchmarks import generate
from benchmarks.measure import peak_memory
from benchmarks.peers.base import disk_bytes
from benchmarks.stages.bench import Bench, Figures, environment, python
from benchmarks.stages.parts import snapshot_parts
from letrics.settings import Home

NIGHTS = 10


def run(bench: Bench) -> Figures:
    started = time.monotonic()
    files = generate.generate(bench.data, bench.companies, bench.contacts, bench.seed)
    generate.nights(bench.data, bench.companies, bench.contacts, bench.seed, NIGHTS)
    generate.imports(bench.data, bench.companies, bench.contacts, bench.seed, bench.import_rows)
    figures: Figures = {"generated_s": time.monotonic() - started}
    kept = bench.kept("data")
    if kept is not None and bench.home.exists():
        return {**kept, **sizes(bench)}
    if not bench.home.exists():
        figures |= imported(bench, files)
    return {**figures, **sizes(bench)}


def imported(bench: Bench, files: tuple[object, object]) -> Figures:
    """Imported beside, and renamed when it is whole."""
    beside = bench.home.with_name(bench.home.name + ".part")
    shutil.rmtree(beside, ignore_errors=True)
    started = time.monotonic()
    process = subprocess.Popen(
        python(None, "-m", "letrics.cli", "import", "--json", *files), env=environment(beside), stdout=subprocess.PIPE
    )
    with peak_memory(process.pid, 0.2) as peak:
        told = json.loads(process.communicate()[0])
    assert process.returncode == 0
    whole = time.monotonic() - started
    beside.rename(bench.home)
    return {
        "rows": told["rows"],
        "whole_s": whole,
        "written_s": told["seconds"],
        "rows_per_second": told["rows"] / whole,
        "peak_bytes": peak[0],
    }


def sizes(bench: Bench) -> Figures:
    home = Home(bench.home)
    return {
        "database_bytes": home.database.stat().st_size,
        "snapshot_bytes": disk_bytes(home.snapshot.parent),
        "snapshot_parts": snapshot_parts(home.snapshot),
    }
