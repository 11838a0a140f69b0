"""Log lines about the progress of long work."""

from __future__ import annotations

import logging

import pytest

from letrics.store.progress_log import ProgressLog


def test_show_logs_at_most_every_two_seconds(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "tests.progress")
    times = iter([0.0, 1.9, 2.0, 3.9, 4.1])
    progress = ProgressLog(logging.getLogger("tests.progress"), "reading contacts", 2_000, lambda: next(times))
    for done in (10, 500, 1_000, 1_500):
        progress.show(done)
    assert [record.getMessage() for record in caplog.records] == [
        "reading contacts: 25 %, 500 of 2,000", "reading contacts: 75 %, 1,500 of 2,000",
    ]  # fmt: skip
