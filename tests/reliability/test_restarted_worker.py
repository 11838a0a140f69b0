"""A server process that is killed is started again, and searches only once it knows what has happened since."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from letrics.api.server import _HANG_SECONDS
from tests.reliability.running import letrics, run_here, serving, until

RECORDS = 20_000
"""The number of changes, which a started process needs some tenths of a second to apply."""
WATCHED_SECONDS = 3.0


def people(path: Path, title: str, count: int = RECORDS) -> Path:
    rows = [{"id": f"p{n}", "job_title": f"{title} {n}", "company_domain": f"c{n % 99}.example"} for n in range(count)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.slow
def test_restarted_worker_never_answers_from_the_past(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run_here(home, "import", people(tmp_path / "contacts.jsonl", "Clerk"))
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


@pytest.mark.slow
def test_all_workers_killed_without_database_answer_503(tmp_path: Path) -> None:
    home, away = tmp_path / "home", tmp_path / "away"
    run_here(home, "import", people(tmp_path / "contacts.jsonl", "Clerk", 10))
    away.mkdir()
    with serving(home, workers=2) as server:
        server.client.headers["Connection"] = "close"
        before = server.workers()
        for file in home.glob("letrics.db*"):
            file.rename(away / file.name)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        until(lambda: len(server.workers()) == 2 and not set(server.workers()) & set(before))
        for _ in range(10):
            assert server.client.get("/healthz", timeout=20).status_code == 200
            assert server.client.get("/readyz", timeout=20).status_code == 503
        for file in away.glob("letrics.db*"):
            file.rename(home / file.name)
        until(lambda: all(server.client.get("/readyz").status_code == 200 for _ in range(10)))
        assert server.total("contacts", job_titles=["clerk"]) == 10


@pytest.mark.slow
def test_worker_killed_before_it_responds_is_replaced_at_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run_here(home, "import", people(tmp_path / "contacts.jsonl", "Clerk", 10))
    with serving(home, workers=2) as server:
        before = server.workers()
        for pid in before:
            os.kill(pid, signal.SIGSTOP)
        time.sleep(2)  # until it is asked whether it is alive, which is done every half second
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        until(lambda: len(server.workers()) == 2 and not set(server.workers()) & set(before), _HANG_SECONDS / 2)
        assert server.total("contacts", job_titles=["clerk"]) == 10
