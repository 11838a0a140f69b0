"""Contacts imported into the database of this size as JSON Lines: none changed (the median of three runs), all changed,
all new.

`letrics import` from its start to its end, saved index included; and to its last commit. Memory is the highest sum of
its processes.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks import generate
from benchmarks.measure import peak_memory
from benchmarks.stages.bench import ROOT, Bench, Figures, environment, letrics, stay_on
from letrics.backends import open_backends
from letrics.ingest.mapping import mapper
from letrics.records import Kind
from letrics.settings import Home, Settings


def run(bench: Bench) -> Figures:
    stay_on(None)
    new, changed, unchanged = generate.imports(*bench.size, bench.import_rows)
    with bench.copy_of_home("imports") as home:
        # The first run reads what was just written; none changes anything.
        runs = sorted((one(home, unchanged) for _ in range(3)), key=lambda run: float(run["written_s"]))
        figures: Figures = {"unchanged": runs[1] | {"each_written_s": [run["written_s"] for run in runs]}}
        figures["changed"], figures["new"] = one(home, changed), one(home, new)
    return figures


def one(home: Path, path: Path) -> Figures:
    found = measured_import(home, "--kind", "contacts", path)
    return found | {
        "written_rows_per_second": found["rows"] / found["written_s"],
        "whole_rows_per_second": found["rows"] / found["whole_s"],
    }


def measured_import(home: Path, *arguments: Any, source: Path = ROOT) -> Figures:
    """One run of `letrics import`: rows, seconds to the last commit and to the end, highest memory."""
    command = letrics(None, "import", "--json", *arguments)
    started = time.monotonic()
    process = subprocess.Popen(
        command, env=environment(home, source), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with peak_memory(process.pid) as peak:
        out, _ = process.communicate()
    whole_s = time.monotonic() - started
    if process.returncode:
        raise RuntimeError(f"{command} failed")
    tally = json.loads(out)
    return {
        "rows": tally["rows"], "new": tally["new"], "changed": tally["changed"], "written_s": tally["seconds"],
        "whole_s": whole_s, "peak_bytes": peak[0],
    }  # fmt: skip


def put(home: Path, kind: Kind, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows to the log directly, as one batch; it is committed when this returns."""
    read: Any = mapper(kind, False, None).read
    patches: list[Any] = [read(row) for row in rows]
    with open_backends(Home(home), Settings()).store.open() as store:
        (store.put_companies if kind == "companies" else store.put_contacts)(patches)
