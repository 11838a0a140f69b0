"""Commands over a store and an engine that are not those of the default settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from letrics.backends import HomeBackends
from letrics.backends.file_accounts import FileAccounts
from letrics.cli import cli
from letrics.cli.context import CliSession
from letrics.engines.base import EngineAway, LoadProgress, SavedIndex
from letrics.settings import Home
from letrics.store.base import Position, Store
from tests.cli.conftest import COMPANIES, CONTACTS, Lines
from tests.naive.backend import NaiveEngineBackend, NaiveStoreBackend
from tests.naive.remote import FollowedRemoteEngine, RemoteEngine


class RemoteBackend(NaiveEngineBackend):
    """An engine on another machine, which raises `away` if it is set, or has a `problem`."""

    def __init__(self) -> None:
        super().__init__()
        self.away: EngineAway | None = None
        self.problem: str | None = None

    def refresh(self, store: Store, progress: LoadProgress | None = None) -> bool:
        if self.away is not None:
            raise self.away
        return super().refresh(store, progress)

    def describe(self, end: Position) -> SavedIndex | None:
        if self.problem is not None:
            return SavedIndex(5, 0, 0, problem=self.problem)
        return None if self.away is None else SavedIndex(0, 0, None, away=str(self.away))

    def make(self) -> FollowedRemoteEngine:
        engine = RemoteEngine()
        engine.away = self.away
        return FollowedRemoteEngine(engine)


class Commands:
    """Runs commands over naive back ends."""

    def __init__(self, home: Path) -> None:
        self.engine = RemoteBackend()
        self._home = home

    def run(self, *words: object, code: int = 0) -> Result:
        backends = HomeBackends(NaiveStoreBackend(self._home), lambda: self.engine, FileAccounts(Home(self._home)))
        session = CliSession(make_backends=lambda home, settings: backends)
        words = ("--home", self._home, *words)
        result = CliRunner().invoke(cli, list(map(str, words)), prog_name="letrics", obj=session)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result


@pytest.fixture
def commands(home: Path, lines: Lines) -> Commands:
    made = Commands(home)
    made.run("import", lines("companies.jsonl", COMPANIES))
    made.run("import", lines("contacts.jsonl", CONTACTS))
    return made


def test_import_and_search(commands: Commands, lines: Lines) -> None:
    again = json.loads(commands.run("import", lines("contacts.jsonl", CONTACTS), "--json").stdout)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 4)
    found = json.loads(
        commands.run("search", "companies", "--filter", '{"industries": ["consulting"]}', "--json").stdout
    )
    assert [record["domain"] for record in found["data"]] == ["acme.example", "bolt.example"]


def test_export_delete_status_and_check(commands: Commands) -> None:
    exported = commands.run("export", "contacts", "--filter", '{"job_titles": ["cto"]}').stdout
    assert [json.loads(line)["full_name"] for line in exported.splitlines()] == ["Иван Петров"]
    commands.run("delete", "contacts", "--filter", '{"job_titles": ["cto"]}', "--yes")
    facts = json.loads(commands.run("status", "--json").stdout)
    assert (facts["companies"], facts["contacts"], facts["index"]) == (4, 3, None)
    commands.run("check")


@pytest.mark.parametrize("words", [("search", "contacts"), ("export", "contacts", "--filter", '{"job_titles": ["x"]}')])
def test_engine_that_is_away_is_3(commands: Commands, words: tuple[str, ...]) -> None:
    commands.engine.away = EngineAway("search.example refuses connections")
    result = commands.run(*words, code=3)
    assert result.stderr.endswith("letrics: search.example refuses connections\n") and result.stdout == ""
    facts = json.loads(commands.run("status", "--json").stdout)
    assert facts["contacts"] == 4


def test_status_reports_an_engine_that_is_away(commands: Commands) -> None:
    commands.engine.away = EngineAway("search.example refuses connections")
    assert json.loads(commands.run("status", "--json").stdout)["index"] == {
        "away": "search.example refuses connections"
    }
    assert "index        not available: search.example refuses" in commands.run("status").stdout


def test_status_reports_a_problem_of_the_engine(commands: Commands) -> None:
    commands.engine.problem = "search.example accepts no changes: remove the block"
    facts = json.loads(commands.run("status", "--json").stdout)["index"]
    assert (facts["lacks"], facts["problem"]) == (0, "search.example accepts no changes: remove the block")
    assert "\nproblem      search.example accepts no changes: remove" in commands.run("status").stdout


def test_import_while_the_engine_is_away_stores_the_records(commands: Commands, lines: Lines) -> None:
    commands.engine.away = EngineAway("search.example refuses connections")
    result = commands.run("import", lines("more.jsonl", [{"domain": "fifth.example"}]))
    assert "brought up to date later: search.example refuses connections" in result.stderr
    assert json.loads(commands.run("status", "--json").stdout)["companies"] == 5
