"""The security events of commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from letrics.cli.command_events import event_of
from tests.cli.conftest import Run


def events(home: Path) -> list[dict[str, Any]]:
    file = home / "security.log"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


@pytest.mark.parametrize(
    ("path", "event"),
    [("user add", "user_created"), ("search", None), ("backup", "backup"), ("some new-one", "some_new_one")],
)
def test_event_of_a_command(path: str, event: str | None) -> None:
    assert event_of(path) == event


def test_commands_leave_events_without_secrets(run: Run, home: Path) -> None:
    run("user", "add", "ann@people.example", "--password-stdin", input="correct horse\n")
    secret = run("token", "create", "--user", "ann@people.example", "--name", "crm").stdout.strip()
    run("token", "list")
    run("token", "revoke", "1")
    run("token", "revoke", "9", code=2)
    created, made, revoked = events(home)
    assert created["event"] == "user_created" and created["email"] == "ann@people.example" and created["target"] == 1
    assert made["event"] == "token_created" and made["token"] == 1 and made["scopes"] == ["read"]
    assert revoked["event"] == "token_revoked" and revoked["token"] == 1 and revoked["system_user"]
    text = (home / "security.log").read_text()
    assert secret not in text and "horse" not in text


def test_command_with_a_log_that_cannot_be_written_goes_on(run: Run, home: Path) -> None:
    home.mkdir()
    (home / "security.log").mkdir()
    done = run("user", "add", "ann@people.example")
    assert "security.log, which cannot be written" in done.stderr


def test_commands_that_only_read_leave_no_event(run: Run, home: Path, tmp_path: Path) -> None:
    run("user", "add", "ann@people.example")
    run("import", "-", "--kind", "contacts", input='{"id": "c1", "full_name": "Jane Doe"}\n')
    run("backup", tmp_path / "b", store=None)
    before = events(home)
    run("user", "totp", "ann@people.example")
    run("search", "contacts")
    run("count", "contacts")
    run("show", "c1")
    run("forget", "--list")
    run("retention", "--days", "1")
    run("check")
    run("backup", tmp_path / "b", "--verify")
    run("restore", tmp_path / "b", "--dry-run", store=None)
    run("upgrade", "--dry-run")
    assert events(home) == before


def test_commands_that_protect_people_leave_numbers(run: Run, home: Path) -> None:
    run("user", "add", "ann@people.example")
    run("user", "totp", "ann@people.example", "--off")
    run("import", "-", "--kind", "contacts", input='{"id": "c1", "full_name": "Jane Doe"}\n')
    run("forget", "c1", "--yes")
    run("forget", "c1", "--allow")
    _, off, _, gone, allowed = events(home)
    assert off["event"] == "two_factor_off" and off["target"] == 1
    assert gone["event"] == "forget" and (gone["records"], gone["people"]) == (1, 1)
    assert allowed["event"] == "forget" and allowed["allowed"] == 1
    assert "c1" not in str([gone, allowed])
