"""The composition root: what is done in which process, and in the background."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from letrics.app import prepare

SERVE = """
import os, signal, sys
from pathlib import Path
from letrics.app import serve
from letrics.settings import Home, Settings
from letrics.web.templates import environment

def report():
    print("compiled" if {name for _, name in environment().cache} == set(environment().list_templates()) else "missing")

os.register_at_fork(before=report)
serve(Home(Path(sys.argv[1])), Settings(port=0, workers=2), lambda url: os.kill(os.getpid(), signal.SIGTERM))
"""
"""Serves with two processes until both are ready, and reports before each fork whether all templates are compiled."""


def test_serve_compiles_templates_before_forking(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SERVE, str(tmp_path / "home")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["compiled", "compiled"], done.stderr


def test_prepare_logs_that_no_template_compiles(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise OSError("no such template")

    asyncio.run(prepare(broken))
    assert "no such template" in caplog.text
