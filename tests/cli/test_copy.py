"""`letrics copy`: everything goes to PostgreSQL and back, and commands go on with it there."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from letrics.database_url import without_password
from tests.cli.conftest import Run
from tests.servers.postgres import missing, new_database

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


@pytest.fixture
def bare(loaded: Run) -> Run:
    """Runs a command line with the stores as they are: only those can be copied."""
    return partial(loaded, store=None)


@pytest.fixture
def url() -> str:
    return new_database()


def use(home: Path, url: str) -> None:
    (home / "letrics.toml").write_text(f"database = {json.dumps(url)}\n")


def test_copied_home_goes_on_in_postgres_and_back(bare: Run, home: Path, url: str) -> None:
    bare("user", "add", "ann@people.example", "--role", "admin")
    bare("token", "create", "--user", "ann@people.example", "--name", "crm")
    before = json.loads(bare("status", "--json").stdout)
    done = json.loads(bare("copy", "--to", url, "--json").stdout)
    assert (done["companies"], done["contacts"]) == (before["companies"], before["contacts"])
    assert (done["differences"], done["behind"], done["account_rows"]) == ([], 0, 2)
    use(home, url)
    (home / "letrics.db").unlink()
    (home / "accounts.db").unlink()
    after = json.loads(bare("status", "--json").stdout)
    assert {name: after[name] for name in ("companies", "contacts", "changes", "last_change")} == {
        name: before[name] for name in ("companies", "contacts", "changes", "last_change")
    }
    bare("token", "create", "--user", "ann@people.example", "--name", "new")
    assert [each["id"] for each in json.loads(bare("token", "list", "--json").stdout)] == [1, 2]
    assert len(json.loads(bare("imports", "--json").stdout)) == 2
    bare("undo", "2")
    assert json.loads(bare("status", "--json").stdout)["contacts"] == 0
    assert "verified" in bare("copy", "--to", "sqlite").stdout
    use(home, "")
    assert json.loads(bare("status", "--json").stdout)["contacts"] == 0
    assert "store and index agree" in bare("check").stdout


def test_second_copy_takes_what_has_changed(bare: Run, home: Path, url: str) -> None:
    bare("copy", "--to", url)
    bare("undo", "2")
    done = json.loads(bare("copy", "--to", url, "--json").stdout)
    assert (done["contacts"], done["differences"]) == (0, [])
    assert done["brought_up_to_date"] > 0


def test_database_of_another_installation_is_refused(bare: Run, home: Path, url: str) -> None:
    use(home, url)
    bare("user", "add", "bob@people.example")
    use(home, "")
    bare("user", "add", "ann@people.example")
    done = bare("copy", "--to", url, code=1)
    assert "has 1 user that the copy would delete, for example bob@people.example" in done.stderr


def test_users_who_are_gone_are_deleted_on_request(bare: Run, home: Path, url: str) -> None:
    bare("user", "add", "ann@people.example")
    bare("user", "add", "bob@people.example")
    bare("copy", "--to", url)
    bare("user", "delete", "bob@people.example", "--yes")
    assert "--replace-users" in bare("copy", "--to", url, code=1).stderr
    bare("copy", "--to", url, "--replace-users")
    use(home, url)
    assert "bob" not in bare("user", "list").stdout


def test_database_in_use_is_refused(bare: Run, home: Path, url: str) -> None:
    use(home, url)
    bare("user", "add", "ann@people.example")
    assert "already" in bare("copy", "--to", url, code=2).stderr


def test_database_that_cannot_be_reached_is_named_without_password(bare: Run) -> None:
    url = "postgresql://ann:secret@127.0.0.1:9/letrics"
    done = bare("copy", "--to", url, code=3)
    assert "secret" not in done.stderr and "127.0.0.1" in done.stderr
    assert without_password(url) == "postgresql://ann@127.0.0.1:9/letrics"


def test_copy_to_sqlite_creates_the_home(
    bare: Run, home: Path, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = json.loads(bare("status", "--json").stdout)
    bare("copy", "--to", url)
    monkeypatch.setenv("LETRICS_DATABASE", url)
    other = tmp_path / "other"
    assert "both databases are equal" in bare("copy", "--to", "sqlite", "--home", other).stdout
    monkeypatch.delenv("LETRICS_DATABASE")
    after = json.loads(bare("status", "--json", "--home", other).stdout)
    assert (after["home"], after["contacts"]) == (str(other), before["contacts"])
