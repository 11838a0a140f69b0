"""`letrics serve`: the set-up code."""

from __future__ import annotations

from pathlib import Path

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.links import Links
from letrics.backends.file_accounts import FileAccounts
from letrics.cli.serve import set_up_code
from letrics.settings import Home
from tests.cli.conftest import Run

BOB = "bob@people.example"


def test_the_set_up_code_is_there_while_nobody_is(run: Run, home: Path) -> None:
    place = Home(home).make()
    accounts = FileAccounts(place)
    first, second = set_up_code(accounts), set_up_code(accounts)
    assert first is not None and second is not None and first != second
    with AccountsDatabase(place.accounts) as database:
        assert not Links(database).is_setup_code(first)
        assert Links(database).is_setup_code(second.lower().replace("-", " "))
    run("user", "add", BOB)
    assert set_up_code(accounts) is None
