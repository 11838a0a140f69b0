"""Distinguishes an import whose process has ended from one that runs."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from letrics.store.import_process import PROCESS, is_interrupted, is_process_alive, name_process
from letrics.store.import_record import ImportRecord

NOW, SOON, LATER = "2026-01-01T00:00:00.000Z", "2026-01-01T00:04:59.000Z", "2026-01-01T00:05:00.000Z"


def record(process: str | None, status: Any = "running") -> ImportRecord:
    return ImportRecord(
        id=1, kind="contacts", file="x.csv", status=status, started_at=NOW, updated_at=NOW, changes={},
        report={} if process is None else {PROCESS: process},
    )  # fmt: skip


def test_process_that_runs_is_alive() -> None:
    assert is_process_alive(record(name_process()), otherwise=False)
    assert not is_interrupted(record(name_process()), LATER)


def test_process_that_has_ended_is_interrupted_at_once() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    name = name_process(process.pid)
    process.communicate(b"\n")
    assert is_interrupted(record(name), NOW)


def test_another_process_with_the_same_id_is_another_one() -> None:
    name = name_process()
    assert name is not None
    machine, pid, started = name.split(" ", 1)[0], str(os.getpid()), int(name.rsplit(" ", 1)[1])
    assert is_interrupted(record(f"{machine} {pid} {started - 1}"), NOW)


def test_process_of_another_machine_is_interrupted_after_silence() -> None:
    for process in ("other:pid 7 7", None, "nonsense", ""):
        assert not is_interrupted(record(process), SOON)
        assert is_interrupted(record(process), LATER)


def test_ended_import_is_not_interrupted() -> None:
    assert not is_interrupted(record(None, "done"), LATER)
