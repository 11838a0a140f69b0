"""Changes of users by id."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from letrics.accounts.base import Accounts
from letrics.accounts.links import InvalidLink, Links
from letrics.accounts.passwords import password_matches
from letrics.accounts.people import MAX_NAME, People
from letrics.accounts.sessions import Sessions
from letrics.accounts.users import UnknownUser, Users

ANN, BOB = "ann@people.example", "bob@people.example"


@pytest.fixture
def people(users: Users, accounts: Accounts) -> People:
    """An admin, ann, has the id 1, and a viewer, bob, the id 2."""
    users.add(ANN)
    users.add(BOB)
    return People(accounts)


@pytest.mark.parametrize(
    "change",
    [lambda people: people.get(9), lambda people: people.set_role(9, "editor"), lambda people: people.disable(9),
     lambda people: people.enable(9), lambda people: people.delete(9), lambda people: people.rename(9, "x"),
     lambda people: people.set_password(9, "correct horse", None)],
)  # fmt: skip
def test_change_of_an_unknown_id_raises(people: People, change: Callable[[People], object]) -> None:
    with pytest.raises(UnknownUser, match="there is no user 9"):
        change(people)


def test_changes_by_id_are_those_of_the_user(people: People, users: Users) -> None:
    people.set_role(2, "editor")
    people.disable(2)
    assert (users.get(BOB).role, users.get(BOB).disabled_at is None) == ("editor", False)
    people.enable(2)
    assert users.get(BOB) == people.get(2) and users.get(BOB).disabled_at is None
    people.delete(2)
    assert [user.email for user in users.all()] == [ANN]


def test_rename_collapses_white_space_and_has_a_limit(people: People, accounts: Accounts) -> None:
    def name() -> str:
        Sessions(accounts).open(2)
        return Sessions(accounts).of(2)[0].name

    people.rename(2, "  Bob \n  Burns ")
    assert name() == "Bob Burns"
    for wrong in ("x" * (MAX_NAME + 1), "a\x00b"):
        with pytest.raises(ValueError, match="printable"):
            people.rename(2, wrong)
    assert name() == "Bob Burns"
    people.rename(2, " ")
    assert name() == ""


def test_set_password_keeps_one_session_and_no_link(people: People, accounts: Accounts) -> None:
    sessions, links = Sessions(accounts), Links(accounts)
    for _ in range(2):
        sessions.open(2)
    kept = sessions.of(2)[0].id
    secret = links.reset(BOB).rpartition("/")[2]
    with pytest.raises(ValueError, match="characters"):
        people.set_password(2, "short", kept)
    assert len(sessions.of(2)) == 2
    people.set_password(2, "correct horse", kept)
    assert [session.id for session in sessions.of(2)] == [kept]
    with pytest.raises(InvalidLink):
        links.find("reset", secret)
    people.set_password(2, "battery staple", None)
    assert sessions.of(2) == []


def test_password_hash_is_of_users_who_may_sign_in(people: People) -> None:
    assert people.password_hash(BOB) is None
    people.set_password(2, "correct horse", None)
    found = people.password_hash(BOB)
    assert found is not None and found[0] == 2 and password_matches(found[1], "correct horse")
    assert people.password_hash("nobody@people.example") is None
    people.disable(2)
    assert people.password_hash(BOB) is None
