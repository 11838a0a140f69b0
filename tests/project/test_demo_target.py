"""`make demo` is ended by Ctrl-C, which is no failure."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import wait_for

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_demo_ends_quietly_on_ctrl_c(tmp_path: Path) -> None:
    venv = Path(sys.executable).parent.parent
    command = ["make", "-f", str(ROOT / "Makefile"), "-C", str(tmp_path), "-o", str(venv / ".installed-runtime"),
               "demo", f"VENV={venv}", "PORT=0"]  # fmt: skip
    errors = tmp_path / "errors"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with (
        errors.open("w") as err,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=err, text=True, start_new_session=True
        ) as process,
    ):
        assert process.stdout is not None
        ready = any(line.startswith("LETRICS_TOKEN=") for line in process.stdout)
        assert ready, errors.read_text()
        wait_for(lambda: "index loaded" in errors.read_text())  # written by another thread, perhaps after the token
        before = errors.read_text()
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: make, its shell and the demo all get it
        process.wait()
    assert errors.read_text().removeprefix(before).strip() == "Stopped."
