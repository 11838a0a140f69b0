"""Single-use links: what they are for, when they are valid, and the set-up code."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from letrics.accounts.base import Accounts
from letrics.accounts.database import now_ms
from letrics.accounts.links import LIFE_MS, PATHS, InvalidLink, Link, Links, Purpose
from letrics.accounts.roles import Role
from letrics.accounts.sessions import Sessions
from letrics.accounts.users import UnknownUser, Users

ANN, BOB = "ann@people.example", "bob@people.example"
PASSWORD = "correct horse"


@pytest.fixture
def links(users: Users, accounts: Accounts) -> Links:
    """The links of a database with one user, ann."""
    users.add(ANN)
    return Links(accounts)


def secret_of(path: str) -> str:
    return path.rpartition("/")[2]


MAKE: list[tuple[Purpose, Callable[[Links], str], str]] = [
    ("invitation", lambda links: links.invite(f" {BOB.upper()} ", role="editor"), BOB),
    ("reset", lambda links: links.reset(ANN), ANN),
    ("sign_in", lambda links: links.sign_in(ANN), ANN),
]


@pytest.mark.parametrize(("purpose", "make", "email"), MAKE)
def test_find_valid_link_returns_it(links: Links, purpose: Purpose, make: Callable[[Links], str], email: str) -> None:
    path = make(links)
    assert path.startswith(PATHS[purpose])
    link = links.find(purpose, secret_of(path))
    role: Role | None = "editor" if purpose == "invitation" else None
    assert link == Link(purpose=purpose, email=email, role=role, expires_at=link.expires_at)
    assert 0 <= now_ms() + LIFE_MS[purpose] - link.expires_at < 60_000
    for other in PATHS:
        if other != purpose:
            with pytest.raises(InvalidLink):
                links.find(other, secret_of(path))


@pytest.mark.parametrize(("purpose", "make", "email"), MAKE)
def test_find_replaced_or_expired_link_raises(
    links: Links, accounts: Accounts, purpose: Purpose, make: Callable[[Links], str], email: str
) -> None:
    old, new = make(links), make(links)
    with pytest.raises(InvalidLink):
        links.find(purpose, secret_of(old))
    assert links.find(purpose, secret_of(new)).email == email
    accounts.connection.execute("UPDATE link SET expires_at = ?", (now_ms(),))
    with pytest.raises(InvalidLink):
        links.find(purpose, secret_of(new))


def test_find_made_up_secret_raises(links: Links) -> None:
    for secret in ("", "x", "\udc80"):
        with pytest.raises(InvalidLink):
            links.find("reset", secret)


@pytest.mark.parametrize(("email", "says"), [(ANN, "already exists"), ("ann", "email"), ("", "blank|email")])
def test_invite_unsuitable_email_is_refused(links: Links, email: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        links.invite(email)
    assert links.pending() == []


def test_reset_and_sign_in_of_an_unknown_user_raise(links: Links) -> None:
    for make in (links.reset, links.sign_in):
        with pytest.raises(UnknownUser, match=f"did you mean {ANN}"):
            make("anne@people.example")


def test_accept_makes_a_user_once(links: Links, users: Users) -> None:
    secret = secret_of(links.invite(BOB, role="editor"))
    with pytest.raises(ValueError, match="characters"):
        links.accept(secret, "short")
    id = links.accept(secret, PASSWORD)
    assert (users.get(BOB).id, users.get(BOB).role, users.get(BOB).has_password) == (id, "editor", True)
    with pytest.raises(InvalidLink):
        links.accept(secret, PASSWORD)


def test_accept_after_the_email_became_a_user_raises(links: Links, users: Users) -> None:
    secret = secret_of(links.invite(BOB))
    users.add(BOB)
    with pytest.raises(InvalidLink):
        links.accept(secret, PASSWORD)
    assert not users.get(BOB).has_password


def test_choose_password_ends_sessions_and_sign_in_links(links: Links, users: Users, accounts: Accounts) -> None:
    id = users.get(ANN).id
    Sessions(accounts).open(id)
    enter, reset = secret_of(links.sign_in(ANN)), secret_of(links.reset(ANN))
    assert links.choose_password(reset, PASSWORD) == id
    assert Sessions(accounts).of(id) == [] and users.get(ANN).has_password
    with pytest.raises(InvalidLink):
        links.choose_password(reset, PASSWORD)
    with pytest.raises(InvalidLink):
        links.enter(enter)


def test_enter_signs_in_once_and_no_disabled_user(links: Links, users: Users) -> None:
    secret = secret_of(links.sign_in(ANN))
    assert links.enter(secret) == users.get(ANN).id
    with pytest.raises(InvalidLink):
        links.enter(secret)
    users.add(BOB)
    secret = secret_of(links.sign_in(BOB))
    users.disable(BOB)
    with pytest.raises(InvalidLink):
        links.enter(secret)


def test_withdraw_removes_a_pending_invitation(links: Links) -> None:
    secret = secret_of(links.invite(BOB))
    assert [link.email for link in links.pending()] == [BOB]
    assert links.withdraw(BOB) and not links.withdraw(BOB)
    assert links.pending() == []
    with pytest.raises(InvalidLink):
        links.find("invitation", secret)


def test_set_up_takes_the_code_in_any_spelling_once(accounts: Accounts) -> None:
    links = Links(accounts)
    old, code = links.make_setup_code(), links.make_setup_code()
    assert old is not None and code is not None and old != code
    typed = code.lower().replace("-", " ")
    assert links.is_setup_code(typed) and not links.is_setup_code(old)
    with pytest.raises(InvalidLink):
        links.set_up(old, ANN, PASSWORD)
    with pytest.raises(ValueError, match="email"):
        links.set_up(code, "ann", PASSWORD)
    assert not links.has_users()
    id = links.set_up(typed, ANN, PASSWORD)
    assert (Users(accounts).get(ANN).id, Users(accounts).get(ANN).role) == (id, "admin")
    assert links.make_setup_code() is None
    with pytest.raises(InvalidLink):
        links.set_up(code, BOB, PASSWORD)
