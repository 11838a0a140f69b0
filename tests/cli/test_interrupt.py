"""Imports that are stopped: by Ctrl-C, or killed. Whole batches stay, and running again finishes the job."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from letrics.cli.interrupt import Shield
from tests.cli.conftest import Run

ROWS = [b'{"domain":"company%d.example"}\n' % n for n in range(25)]


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_whole_batches_stay(run: Run, home: Path, tmp_path: Path, stop: signal.Signals, code: int) -> None:
    importing = subprocess.Popen(
        [sys.executable, "-m", "letrics.cli", "--home", str(home), "import", "-", "--kind", "companies"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "LETRICS_BATCH_SIZE": "10"},
    )  # fmt: skip
    assert importing.stdin is not None
    # Enough rows for the reader to look at before it begins, and the input stays open: it waits for more.
    for row in ROWS * 50:
        importing.stdin.write(row)
    importing.stdin.flush()
    _wait_for_rows(run, home, importing)
    importing.send_signal(stop)
    importing.stdin.close()
    assert importing.stdout is not None and importing.stderr is not None
    out, err = importing.stdout.read(), importing.stderr.read()
    importing.stdout.close()
    importing.stderr.close()
    assert importing.wait(30) == code, err
    facts = json.loads(run("status", "--json").stdout)
    assert facts["companies"] in (10, 20, 25)
    if stop == signal.SIGINT:
        assert b"interrupted" in err
        assert b"run the command again to import the rest" in out
        assert b"Traceback" not in err
    path = tmp_path / "companies.jsonl"
    path.write_bytes(b"".join(ROWS))
    run("import", path)
    assert json.loads(run("status", "--json").stdout)["companies"] == 25


def _wait_for_rows(run: Run, home: Path, importing: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and importing.poll() is None:
        if (home / "letrics.db").exists():
            time.sleep(0.2)
            if json.loads(run("status", "--json").stdout)["companies"]:
                return
        time.sleep(0.05)
    pytest.fail("nothing was imported in time")


def test_an_interrupt_waits_for_what_is_held() -> None:
    done: list[str] = []

    def work() -> str:
        signal.raise_signal(signal.SIGINT)
        done.append("the whole batch")
        return "kept"

    with Shield() as shield:
        assert shield.hold(work) == "kept"
        assert done == ["the whole batch"]
        with pytest.raises(KeyboardInterrupt):
            shield.release()
        shield.release()


def test_a_second_interrupt_does_not_wait() -> None:
    def work() -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    with Shield() as shield, pytest.raises(KeyboardInterrupt):
        shield.hold(work)


def test_shield_without_work_interrupts_and_restores_the_handler() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Shield(), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
