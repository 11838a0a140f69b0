"""From the start of `letrics serve` to its first response: saved index up to date, and 100,000 changes behind.

The files are in the page cache, as after a restart of the service.
"""

from __future__ import annotations

import subprocess
import time
from itertools import islice
from pathlib import Path
from typing import Final

from benchmarks import generate
from benchmarks.stages.bench import CLIENT, ROOT, Bench, Figures, environment, letrics, read_files, stay_on
from benchmarks.stages.server import served
from benchmarks.workloads import Search

BEHIND: Final = 100_000
_FILE: Final = 20_000
"""An import of this many changes does not save the index."""


def run(bench: Bench) -> Figures:
    stay_on(CLIENT)
    read_files(bench.home)
    up_to_date = [first_response(bench.home) for _ in range(3)]
    changed = generate.imports(*bench.size, bench.import_rows).changed
    behind = 0
    with bench.copy_of_home("start") as home, changed.open("rb") as lines:
        while rows := list(islice(lines, min(_FILE, BEHIND - behind))):
            (home / "changed.jsonl").write_bytes(b"".join(rows))
            command = letrics(None, "import", "--kind", "contacts", home / "changed.jsonl")
            subprocess.run(command, env=environment(home), check=True, capture_output=True)
            behind += len(rows)
        # The first start reads what was just written, unlike a restart.
        after = [first_response(home) for _ in range(4)][1:]
    return {"up_to_date_s": up_to_date, "behind": behind, "behind_s": after}


def first_response(home: Path, source: Path = ROOT) -> float:
    """Seconds from the start of the process to the response of a search."""
    with served(home, source=source) as server:
        started = time.monotonic()
        server.total(Search("", "contacts", {"has_linkedin_profile": True}, False))
        return server.start_s + time.monotonic() - started
