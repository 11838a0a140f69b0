"""Contacts imported into the database of this size as JSON Lines: none changed (three times, of which
the middle one is told), all changed, all new.

`letrics import` from its start to its end, saved index included; and up to its last commit. Memory is that of its
processes together, at its most.
"""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

from benchmarks import generate
from benchmarks.measure import peak_memory
from benchmarks.stages.bench import Bench, Figures, environment, python, stay_on
from letrics.settings import Settings


def run(bench: Bench) -> Figures:
    stay_on(None)
    files = generate.imports(bench.data, bench.companies, bench.contacts, bench.seed, bench.import_rows)
    figures: Figures = {"batch_rows": Settings().batch_size}
    with bench.copy_of_home("imports") as home:
        new, changed, unchanged = files
        # The first run reads what was written last; none changes anything.
        runs = [one(home, unchanged) for _ in range(3)]
        told = sorted(runs, key=lambda run: run["written_s"])
        figures["unchanged"] = told[1] | {"each_written_s": [run["written_s"] for run in runs]}
        figures["changed"], figures["new"] = one(home, changed), one(home, new)
    return figures


def one(home: Path, path: Path) -> Figures:
    started = time.monotonic()
    command = python(None, "-m", "letrics.cli", "import", "--json", "--kind", "contacts", path)
    process = subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with peak_memory(process.pid) as peak:
        assert process.stdout is not None
        out = process.stdout.read()
        process.wait()
    whole = time.monotonic() - started
    told = json.loads(out)
    return {
        "rows": told["rows"],
        "new": told["new"],
        "changed": told["changed"],
        "written_s": told["seconds"],
        "whole_s": whole,
        "written_rows_per_second": told["rows"] / told["seconds"],
        "whole_rows_per_second": told["rows"] / whole,
        "peak_bytes": peak[0],
    }
