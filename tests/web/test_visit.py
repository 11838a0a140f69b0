"""Links on pages begin with the public URL, whatever host the request names."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.users import Users
from tests.office import ADA, BOB, PASSWORD, Office, opened
from tests.web.browser import Browser

PUBLIC = "https://crm.example:8443"


@pytest.fixture
def ada(loop: asyncio.AbstractEventLoop, accounts: AccountsDatabase, tmp_path: Path) -> Iterator[Browser]:
    """An admin whose browser, or a proxy, names another host."""
    with opened(loop, accounts, tmp_path / "accounts.db", public_url=PUBLIC) as office:
        users = Users(accounts)
        users.add(ADA, role="admin", password=PASSWORD)
        users.add(BOB, password=PASSWORD)
        yield office.signed_in(ADA, host="evil.example")


def test_invitation_link_begins_with_the_public_url(ada: Browser) -> None:
    page = ada.fill("/admin/users/invite", {"email": "cyd@people.example", "role": "viewer"})
    assert page.inner("link").startswith(f"{PUBLIC}/invitation/")


def test_reset_link_begins_with_the_public_url(ada: Browser) -> None:
    ada.get("/admin/users/2")
    assert ada.post("/admin/users/2/reset").inner("link").startswith(f"{PUBLIC}/reset/")


@pytest.mark.parametrize("target", ["/explore/contacts", "/docs/searching"])
def test_examples_name_the_public_url(ada: Browser, target: str) -> None:
    page = ada.get(target)
    assert "evil.example" not in page.text


def test_link_begins_with_the_host_asked_for(office: Office) -> None:
    """Without a public URL. Names of containers have an underscore."""
    ada = office.signed_in(ADA, host="letrics_web:8000")
    page = ada.fill("/admin/users/invite", {"email": "cyd@people.example", "role": "viewer"})
    assert page.inner("link").startswith("http://letrics_web:8000/invitation/")
