"""A server process that is killed is started again, and answers only once it knows what has happened since."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.reliability.running import letrics, serving, until

RECORDS = 20_000
"""So many changes take a started process some tenths of a second to catch up with."""
WATCHED_SECONDS = 3.0


def people(path: Path, title: str) -> Path:
    rows = [
        {"id": f"p{n}", "job_title": f"{title} {n}", "company_domain": f"c{n % 99}.example"} for n in range(RECORDS)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.slow
def test_restarted_worker_never_answers_from_the_past(tmp_path: Path) -> None:
    home = tmp_path / "home"
    letrics(home, "import", people(tmp_path / "contacts.jsonl", "Clerk"))
    with serving(home, workers=2) as server:
        server.client.headers["Connection"] = "close"  # each request may meet either process
        letrics(home, "import", people(tmp_path / "contacts.jsonl", "Director"))
        until(lambda: all(server.total("contacts", job_titles=["clerk"]) == 0 for _ in range(20)))
        before = server.workers()
        os.kill(before[0], signal.SIGKILL)
        until(lambda: len(server.workers()) == 2 and server.workers() != before)
        totals, ends = set(), time.monotonic() + WATCHED_SECONDS
        while time.monotonic() < ends:
            totals.add(server.total("contacts", job_titles=["clerk"]))
            assert server.client.get("/readyz").status_code == 200
        assert totals == {0}
        os.kill(before[1], signal.SIGKILL)  # only the one that was started again is left
        until(lambda: len(server.workers()) == 2)
        assert server.total("contacts", job_titles=["director"]) == RECORDS
