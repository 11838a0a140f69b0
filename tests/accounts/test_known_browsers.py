"""Browsers in which users have signed in before."""

from __future__ import annotations

from letrics.accounts.base import Accounts
from letrics.accounts.known_browsers import KnownBrowsers
from letrics.accounts.users import Users
from tests.office import ADA, BOB


def test_browser_is_known_for_its_users_alone(team: Accounts, elsewhere: Accounts) -> None:
    ada, bob = (Users(team).get(email).id for email in (ADA, BOB))
    browsers = KnownBrowsers(team)
    secret = browsers.add(bob, "invented")
    assert secret != "invented" and KnownBrowsers(elsewhere).knows(bob, secret)
    assert not browsers.knows(ada, secret) and not browsers.knows(None, secret) and not browsers.knows(bob, "x" * 43)
    assert browsers.add(ada, secret) == secret and browsers.knows(ada, secret) and browsers.knows(bob, secret)
    team.connection.execute("UPDATE known_browser SET expires_at = 1000")
    assert not browsers.knows(bob, secret)


def test_secret_is_not_stored(team: Accounts) -> None:
    secret = KnownBrowsers(team).add(Users(team).get(BOB).id, "")
    ((stored,),) = team.connection.execute("SELECT digest FROM known_browser").fetchall()
    assert len(bytes(stored)) == 32 and secret.encode() not in bytes(stored)
