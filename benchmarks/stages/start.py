"""From the start of `letrics serve` to its first response: saved index up to date, and 100,000 changes behind.

The files are in the page cache, as after a restart of the service.
"""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Final

from benchmarks.stages.bench import CLIENT, ROOT, Bench, Figures, environment, letrics, read_files, stay_on
from benchmarks.stages.changes import contacts_with_new_titles, write_rows
from benchmarks.stages.server import served
from benchmarks.workloads import Search

BEHIND: Final = 100_000
_FILE: Final = 20_000
"""An import of this many changes does not save the index."""


def run(bench: Bench) -> Figures:
    stay_on(CLIENT)
    read_files(bench.home)
    figures: Figures = {"up_to_date_s": [first_response(bench.home) for _ in range(3)]}
    with bench.copy_of_home("start") as home:
        behind = min(BEHIND, bench.contacts)
        for at in range(0, behind, _FILE):
            rows = write_rows(home / "changed.jsonl", contacts_with_new_titles(bench.data, _FILE, at))
            command = letrics(None, "import", "--kind", "contacts", rows)
            subprocess.run(command, env=environment(home), check=True, capture_output=True)
        # The first start reads what was just written, unlike a restart.
        figures |= {"behind": behind, "behind_s": [first_response(home) for _ in range(4)][1:]}
    return figures


def first_response(home: Path, source: Path = ROOT) -> float:
    """Seconds from the start of the process to the response of a search."""
    with served(home, source=source) as server:
        started = time.monotonic()
        server.total(Search("", "contacts", {"has_linkedin_profile": True}, False))
        return server.start_s + time.monotonic() - started
