"""What a command says when it upgrades the database of an earlier version."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.old_log import URLS, write_old_log


def test_upgrade_of_an_old_home_is_told_and_keeps_ids(run: Run, home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    write_old_log(home / "letrics.db")
    first = run("export", "contacts")
    assert f"upgrade: {home / 'letrics.db'} to format 19, from 3" in first.stderr
    assert f"upgrade: {home / 'letrics.db'} is done" in first.stderr
    assert [json.loads(line)["id"] for line in first.stdout.splitlines()] == [str(n + 1) for n in range(len(URLS))]
    second = run("export", "contacts")
    assert "upgrade" not in second.stderr
    assert second.stdout == first.stdout


def test_new_home_is_no_upgrade(loaded: Run) -> None:
    assert "upgrade" not in loaded("status").stderr
