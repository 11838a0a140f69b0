"""`letrics copy`: everything goes to PostgreSQL and back, and commands go on with it there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from letrics.cli import cli
from letrics.database_url import without_password
from tests.cli.conftest import COMPANIES, CONTACTS, Lines, Run
from tests.servers.postgres import missing, new_database

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


@pytest.fixture
def run(home: Path) -> Run:
    """Runs a command line with the stores as they are: only they can be copied."""

    def run(*words: object, code: int = 0) -> Result:
        result = CliRunner().invoke(cli, ["--home", str(home), *map(str, words)], prog_name="letrics")
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def loaded(run: Run, lines: Lines) -> Run:
    run("import", lines("companies.jsonl", COMPANIES))
    run("import", lines("contacts.jsonl", CONTACTS))
    return run


@pytest.fixture
def url() -> str:
    return new_database()


def use(home: Path, url: str) -> None:
    (home / "letrics.toml").write_text(f"database = {json.dumps(url)}\n")


def test_copied_home_goes_on_in_postgres_and_back(loaded: Run, home: Path, url: str) -> None:
    loaded("user", "add", "ann@people.example", "--role", "admin")
    loaded("token", "create", "--user", "ann@people.example", "--name", "crm")
    before = json.loads(loaded("status", "--json").stdout)
    done = json.loads(loaded("copy", "--to", url, "--json").stdout)
    assert (done["companies"], done["contacts"]) == (before["companies"], before["contacts"])
    assert (done["differences"], done["behind"], done["account_rows"]) == ([], 0, 2)
    use(home, url)
    (home / "letrics.db").unlink()
    (home / "accounts.db").unlink()
    after = json.loads(loaded("status", "--json").stdout)
    assert {name: after[name] for name in ("companies", "contacts", "changes", "last_change")} == {
        name: before[name] for name in ("companies", "contacts", "changes", "last_change")
    }
    loaded("token", "create", "--user", "ann@people.example", "--name", "new")
    assert [each["id"] for each in json.loads(loaded("token", "list", "--json").stdout)] == [1, 2]
    assert len(json.loads(loaded("imports", "--json").stdout)) == 2
    loaded("undo", "2")
    assert json.loads(loaded("status", "--json").stdout)["contacts"] == 0
    assert "verified" in loaded("copy", "--to", "sqlite").stdout
    use(home, "")
    assert json.loads(loaded("status", "--json").stdout)["contacts"] == 0
    assert "no problems" in loaded("check").stdout or "agree" in loaded("check").stdout


def test_second_copy_takes_what_has_changed(loaded: Run, home: Path, url: str) -> None:
    loaded("copy", "--to", url)
    loaded("undo", "2")
    done = json.loads(loaded("copy", "--to", url, "--json").stdout)
    assert (done["contacts"], done["differences"]) == (0, [])
    assert done["brought_up_to_date"] > 0


def test_database_of_another_installation_is_refused(loaded: Run, home: Path, url: str) -> None:
    use(home, url)
    loaded("user", "add", "bob@people.example")
    use(home, "")
    loaded("user", "add", "ann@people.example")
    done = loaded("copy", "--to", url, code=1)
    assert "has 1 user that the copy would delete, for example bob@people.example" in done.stderr


def test_users_who_are_gone_are_deleted_on_request(loaded: Run, home: Path, url: str) -> None:
    loaded("user", "add", "ann@people.example")
    loaded("user", "add", "bob@people.example")
    loaded("copy", "--to", url)
    loaded("user", "delete", "bob@people.example", "--yes")
    assert "--replace-users" in loaded("copy", "--to", url, code=1).stderr
    loaded("copy", "--to", url, "--replace-users")
    use(home, url)
    assert "bob" not in loaded("user", "list").stdout


def test_database_in_use_is_refused(loaded: Run, home: Path, url: str) -> None:
    use(home, url)
    loaded("user", "add", "ann@people.example")
    assert "already" in loaded("copy", "--to", url, code=2).stderr


def test_database_that_cannot_be_reached_is_named_without_password(loaded: Run) -> None:
    url = "postgresql://ann:secret@127.0.0.1:9/letrics"
    done = loaded("copy", "--to", url, code=3)
    assert "secret" not in done.stderr and "127.0.0.1" in done.stderr
    assert without_password(url) == "postgresql://ann@127.0.0.1:9/letrics"
