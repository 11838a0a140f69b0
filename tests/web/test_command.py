"""Commands on pages: pasted, they work on the data of the server that shows them."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.users import Users
from letrics.web.command import shell_command
from tests.office import ADA, PASSWORD, Office, opened

HOME = "/srv/our data"
SHOWING = ("/docs", "/docs/authentication", "/docs/import")


@pytest.fixture
def elsewhere(loop: asyncio.AbstractEventLoop, accounts: AccountsDatabase, tmp_path: Path) -> Iterator[Office]:
    """A service whose home is not the usual one."""
    Users(accounts).add(ADA, password=PASSWORD)
    with opened(loop, accounts, tmp_path / "accounts.db", home=HOME) as office:
        yield office


def test_command_names_the_home_after_its_name() -> None:
    words = shlex.split(shell_command(HOME, "import", "a.csv", "--rejects", "b c"))
    assert words == ["letrics", "import", "--home", HOME, "a.csv", "--rejects", "b c"]
    words = shlex.split(shell_command(HOME, "user", "link", ADA))
    assert words == ["letrics", "user", "link", "--home", HOME, ADA]


def test_command_of_the_usual_home_is_short() -> None:
    assert shell_command("", "import", "a.csv") == "letrics import a.csv"


@pytest.mark.parametrize("path", SHOWING)
def test_page_names_the_home_to_users_alone(elsewhere: Office, path: str) -> None:
    browser = elsewhere.signed_in(ADA)
    assert f"--home '{HOME}'" in browser.get(path).text.replace("&#39;", "'")
    visitor = elsewhere.browser().get(path)
    assert visitor.status == 200 and HOME not in visitor.html and "letrics " in visitor.text
