"""From the start of `letrics serve` to its first answer: with the saved index up to date, and 100,000 changes behind.

Files have been read before, so that they are in the kernel's memory, as after a restart of the service.
"""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Final

from benchmarks.stages.bench import CLIENT, Bench, Figures, environment, python, remember, stay_on
from benchmarks.stages.changing import changed_contacts, write_rows
from benchmarks.stages.server import make_token, served
from benchmarks.workloads import Search

BEHIND: Final = 100_000
_FILE: Final = 20_000
"""An import of so many changes leaves the saved index as it is."""


def run(bench: Bench) -> Figures:
    stay_on(CLIENT)
    remember(bench.home)
    figures: Figures = {"up_to_date_s": [first_answer(bench.home) for _ in range(3)]}
    with bench.copy_of_home("start") as home:
        behind = min(BEHIND, bench.contacts)
        for at in range(0, behind, _FILE):
            rows = write_rows(home / "changed.jsonl", changed_contacts(bench.data, _FILE, at))
            command = python(None, "-m", "letrics.cli", "import", "--kind", "contacts", rows)
            subprocess.run(command, env=environment(home), check=True, capture_output=True)
        # The first start reads what was written last, as no restart does.
        figures |= {"behind": behind, "behind_s": [first_answer(home) for _ in range(4)][1:]}
    return figures


def first_answer(home: Path) -> float:
    """Seconds from the start of the process to the answer of a search."""
    make_token(home)
    with served(home) as server:
        started = time.monotonic()
        connection = server.connect()
        connection.total(connection.search(Search("", "contacts", {"has_linkedin_profile": True}, False)))
        return server.start_s + time.monotonic() - started
