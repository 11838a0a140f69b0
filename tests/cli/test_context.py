"""Which commands create a home: those that bring data or serve it. The others refuse one that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import pytest

from letrics.cli import cli
from letrics.settings import Home
from tests.cli.conftest import Lines, Run

ANN: Final = "ann@people.example"

CREATING: Final = {"import", "serve", "demo", "user add", "restore"}
"""Commands that may begin with nothing."""

REFUSING: Final[dict[str, tuple[str, ...]]] = {
    "export": ("contacts",),
    "search": ("contacts",),
    "count": ("contacts",),
    "show": ("x",),
    "delete": ("contacts", "x", "--yes"),
    "forget": ("x", "--yes"),
    "person": ("x",),
    "retention": ("--days", "1"),
    "duplicates merge": ("x", "y"),
    "duplicates dismiss": ("x", "y"),
    "duplicates undo": ("x", "y"),
    "imports": (),
    "undo": ("1",),
    "status": (),
    "check": (),
    "backup": ("/nonexistent/backups",),
    "upgrade": (),
    "copy": ("--to", "postgresql://127.0.0.1:9/letrics"),
    "user list": (),
    "user role": (ANN, "editor"),
    "user disable": (ANN,),
    "user enable": (ANN,),
    "user delete": (ANN, "--yes"),
    "user password": (ANN, "--password-stdin"),
    "user invite": (ANN,),
    "user reset": (ANN,),
    "user link": (ANN,),
    "user totp": (ANN, "--off"),
    "token create": ("--user", ANN, "--name", "x"),
    "token list": (),
    "token revoke": ("1",),
}
"""All others, with words that would do where there is data."""

WITHOUT_HOME: Final = {"completion", "help", "version"}


def commands(group: click.Group, prefix: str = "") -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from commands(found, f"{prefix}{name} ")
        else:
            yield prefix + name


def test_every_command_is_listed_here() -> None:
    listed = set(commands(cli))
    assert listed - WITHOUT_HOME == CREATING | set(REFUSING)


@pytest.mark.parametrize("command", REFUSING)
def test_missing_home_is_refused_and_not_created(run: Run, home: Path, command: str) -> None:
    done = run(*command.split(), *REFUSING[command], code=2, input="correct horse\n")
    assert f"there is no data in {home}" in done.stderr and done.stdout == ""
    assert not home.exists()


@pytest.mark.parametrize("command", [*REFUSING, "import", "restore", "user add"])
def test_any_command_line_that_stops_early_is_a_usage_error(run: Run, home: Path, command: str) -> None:
    words = [*command.split(), *REFUSING.get(command, ())]
    for count in range(1, len(words) + 1):
        done = run(*words[:count], code=2)
        assert done.stderr.startswith(f"Usage: letrics {command.split()[0]} ") or "letrics: " in done.stderr
        assert done.stdout == ""
    assert not home.exists()


@pytest.mark.parametrize("command", REFUSING)
def test_directory_of_other_things_is_left_alone(run: Run, home: Path, command: str) -> None:
    home.mkdir()
    run(*command.split(), *REFUSING[command], code=2, input="correct horse\n")
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("command", [name for name in REFUSING if name.startswith(("user", "token"))])
def test_home_without_users_gets_no_accounts(run: Run, home: Path, lines: Lines, command: str) -> None:
    run("import", lines("companies.jsonl", [{"domain": "acme.example"}]))
    lists = command.endswith("list")
    done = run(*command.split(), *REFUSING[command], code=0 if lists else 2, input="correct horse\n")
    assert ("yet" in done.stdout) if lists else ("has no users yet: letrics user add EMAIL" in done.stderr)
    assert not Home(home).accounts.exists()


def test_dry_run_creates_nothing(run: Run, home: Path, lines: Lines) -> None:
    run("import", "--dry-run", lines("companies.jsonl", [{"domain": "acme.example"}]))
    assert not home.exists()


@pytest.mark.parametrize(
    "words",
    [
        ["delete", "contacts", "\udcff", "--yes"], ["delete", "companies", "\udcff", "--yes"],
        ["duplicates", "merge", "\udcff", "1"], ["duplicates", "dismiss", "1", "\udcff"],
        ["duplicates", "undo", "\udcff", "1"], ["person", "\udcff"], ["forget", "\udcff", "--yes"],
    ],
)  # fmt: skip
def test_argument_that_is_not_utf_8_is_a_usage_error(run: Run, lines: Lines, words: list[str]) -> None:
    run("import", lines("contacts.jsonl", [{"id": "1", "full_name": "Jane Doe"}]))
    done = run(*words, code=2)
    assert "\\udcff" in done.stderr and "unexpected error" not in done.stderr
    assert run("show", "1").stdout.startswith("id: 1")
