"""Running commands: in this process, on a home directory of the test's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from letrics.backends import HomeBackends, open_backends
from letrics.cli import cli
from letrics.cli.context import CliSession
from letrics.settings import Home, Settings
from tests.wrapped_store import WrappedBackend, WrappedStore

Run = Callable[..., Result]
Lines = Callable[[str, list[dict[str, Any]]], Path]

COMPANIES: list[dict[str, Any]] = [
    {
        "domain": "acme.example",
        "name": "Acme; the =firm",
        "description": "=1+1, of course",
        "locations": [{"city": "Berlin", "country": "Germany"}, "Springfield Nowhere, Atlantis"],
        "industries": ["Software; hard", "Consulting"],
        "technologies": ["React", "C++"],
        "emails": [{"value": "info@acme.example", "type": "personal"}, "jane@acme.example"],
        "linkedin_url": "https://linkedin.example/company/acme",
        "employees": 1200,
        "founded_year": 1999,
        "first_seen_at": "2020-02-29T23:59:59.999Z",
        "added_at": "2021-01-01",
    },
    {
        "domain": "bolt.example",
        "name": "Bolt",
        "description": "＝1+1; ＠x|y",
        "locations": ["Paris, France"],
        "functions": ["\u200b=1", "－2", "＋3"],
        "industries": ["Consulting"],
    },
    {"domain": "xn--bcher-kva.example", "website": "https://bücher.example/"},
]
CONTACTS: list[dict[str, Any]] = [
    {
        "id": "c1", "first_name": "Jane", "last_name": "Doe", "job_title": "+Head of @Sales", "department": "Sales",
        "seniority": "Director", "is_decision_maker": True, "emails": ["jane@acme.example", "info@acme.example"],
        "linkedin_url": "https://linkedin.example/in/jane", "phone": "+49 30 1234", "company_domain": "acme.example",
    },
    {"full_name": "Иван Петров", "job_title": "CTO", "company_domain": "bolt.example", "is_decision_maker": False},
    {"email": "ada@new.example", "company": {"domain": "new.example", "name": "New"}, "added_at": "2022-05-05"},
    {"full_name": "'=Quote \"Q\" Smith", "company_domain": "acme.example"},
]  # fmt: skip


class Shell:
    def __init__(self, home: Path) -> None:
        self.home = home

    def run(self, *words: str, input: str = "") -> Result:
        return CliRunner().invoke(cli, ["--home", str(self.home), *words], input=input)

    def json(self, *words: str) -> Any:
        result = self.run("--json", *words)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def fails(self, *words: str, input: str = "") -> str:
        """Run a command that must fail as a usage error, reported in one line without a traceback."""
        result = self.run(*words, input=input)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        return result.stderr


@pytest.fixture
def lines(tmp_path: Path) -> Lines:
    """Writes rows as JSON Lines to a file of this name."""

    def write(name: str, rows: list[dict[str, Any]]) -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        return path

    return write


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line on `home` and checks its exit code: 0 unless `code` is given. `store` wraps the store, unless
    it is None."""
    monkeypatch.delenv("LETRICS_HOME", raising=False)

    def run(
        *args: object, code: int = 0, input: str | bytes | None = None, store: type[WrappedStore] | None = WrappedStore
    ) -> Result:
        def backends(home: Home, settings: Settings) -> HomeBackends:
            chosen = open_backends(home, settings)
            return chosen if store is None else replace(chosen, store=WrappedBackend(chosen.store, store))

        words = ["--home", str(home), *map(str, args)]
        session = CliSession(make_backends=backends)
        result = CliRunner().invoke(cli, words, input=input, prog_name="letrics", obj=session)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def loaded(run: Run, lines: Lines) -> Run:
    """`run`, on a home that holds three companies (and one more by a contact) and four contacts."""
    run("import", lines("companies.jsonl", COMPANIES))
    run("import", lines("contacts.jsonl", CONTACTS))
    return run


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path / "home")
    assert shell.run("user", "add", "ann@people.example").exit_code == 0
    return shell
