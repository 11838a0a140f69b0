"""Sign-ins that lack the code: only of users with a second factor, and for ten minutes."""

from __future__ import annotations

from letrics.accounts.base import Accounts
from letrics.accounts.second_steps import SecondSteps
from letrics.accounts.users import Users
from tests.office import BOB


def with_factor(team: Accounts) -> int:
    team.connection.execute('UPDATE "user" SET totp_secret = ? WHERE email = ?', (b"x" * 20, BOB))
    return Users(team).get(BOB).id


def test_begin_without_a_second_factor_is_none(team: Accounts) -> None:
    assert SecondSteps(team).begin(Users(team).get(BOB).id) is None


def test_find_needs_the_secret_and_an_enabled_user(team: Accounts) -> None:
    steps, user = SecondSteps(team), with_factor(team)
    secret = steps.begin(user)
    assert secret is not None and steps.find(secret) == user
    assert steps.find("") is None and steps.find("x" * 43) is None
    Users(team).disable(BOB)
    assert steps.find(secret) is None


def test_find_after_the_end_is_none(team: Accounts) -> None:
    steps, user = SecondSteps(team), with_factor(team)
    old, ended = steps.begin(user), steps.begin(user)
    assert old is not None and ended is not None
    team.connection.execute("UPDATE second_step SET expires_at = 1000")
    assert steps.find(old) is None
    new = steps.begin(user)
    assert new is not None and steps.find(new) == user
    steps.end(user)
    assert steps.find(new) is None


def test_new_password_ends_pending_sign_ins(team: Accounts) -> None:
    steps, user = SecondSteps(team), with_factor(team)
    secret = steps.begin(user)
    Users(team).set_password(BOB, "battery staple")
    assert secret is not None and steps.find(secret) is None
