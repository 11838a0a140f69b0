"""Roles: how they limit tokens, which role a new user gets, and that one admin always remains."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from letrics.accounts.base import Accounts
from letrics.accounts.links import InvalidLink, Links
from letrics.accounts.own_tokens import OwnTokens
from letrics.accounts.principal import Scope
from letrics.accounts.roles import ROLES, BeyondRole, Role, scopes_within
from letrics.accounts.sessions import Sessions, SessionVerifier
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import FirstUser, LastAdmin, Users
from letrics.accounts.verifier import CHECK_SECONDS, Verifier

ADA, BOB, CYD = "ada@people.example", "bob@people.example", "cyd@people.example"


@pytest.fixture
def users(accounts: Accounts) -> Users:
    """Users with an admin, ada, and an editor, bob."""
    users = Users(accounts)
    users.add(ADA)
    users.add(BOB, role="editor")
    return users


class OtherProcess:
    """Simulates another process, with its own connection and a clock that the test advances to the next check."""

    def __init__(self, database: Accounts) -> None:
        self._seconds = 0.0
        self.tokens = Verifier(database, steady=lambda: self._seconds)
        self.sessions = SessionVerifier(database, steady=lambda: self._seconds)

    def look_again(self) -> None:
        self._seconds += CHECK_SECONDS


@pytest.fixture
def other(users: Users, elsewhere: Accounts) -> OtherProcess:
    return OtherProcess(elsewhere)


@pytest.mark.parametrize(
    ("role", "scopes", "within"),
    [("viewer", ["read", "write"], {"read"}), ("viewer", ["write"], {"read"}), ("viewer", ["read"], {"read"}),
     ("editor", ["read", "write"], {"read", "write"}), ("editor", ["write"], {"write"}), ("admin", ["read"], {"read"})],
)  # fmt: skip
def test_scopes_within_never_exceed_the_role(role: Role, scopes: list[Scope], within: set[str]) -> None:
    assert scopes_within(role, scopes) == within


def test_add_first_user_becomes_admin(accounts: Accounts) -> None:
    users = Users(accounts)
    with pytest.raises(FirstUser):
        users.add(ADA, role="viewer")
    assert users.add(ADA).role == "admin"
    assert users.add(BOB).role == "viewer"


def test_invite_first_user_becomes_admin(accounts: Accounts) -> None:
    links = Links(accounts)
    with pytest.raises(FirstUser):
        links.invite(ADA, role="editor")
    links.accept(links.invite(ADA).rpartition("/")[2], "correct horse")
    assert Users(accounts).get(ADA).role == "admin"


@pytest.mark.parametrize("role", ROLES)
def test_create_token_beyond_role_is_refused(users: Users, accounts: Accounts, role: Role) -> None:
    users.set_role(BOB, role)
    if role == "viewer":
        with pytest.raises(BeyondRole, match="viewer, whose tokens cannot have the scope write"):
            Tokens(accounts).create(BOB, "x", ["read", "write"])
        assert Tokens(accounts).all() == []
    else:
        assert Tokens(accounts).create(BOB, "x", ["read", "write"])[1].scopes == ("read", "write")


def test_set_role_lower_is_seen_by_other_processes(users: Users, accounts: Accounts, other: OtherProcess) -> None:
    token, kept = Tokens(accounts).create(BOB, "x", ["write"])
    admins, _ = Tokens(accounts).create(ADA, "y", ["write"])
    session = Sessions(accounts).open(users.get(BOB).id)
    assert other.tokens.verify(token).may("write")
    opened = other.sessions.verify(session)
    assert opened is not None and opened.principal.may("write")
    assert users.set_role(BOB, "viewer") == [kept.id]
    other.look_again()
    principal = other.tokens.verify(token)
    assert principal.may("read") and not principal.may("write")
    opened = other.sessions.verify(session)
    assert opened is not None and not opened.principal.may("write")
    assert other.tokens.verify(admins).may("write")


def test_set_role_higher_gives_no_scope_back(users: Users, accounts: Accounts, other: OtherProcess) -> None:
    token, kept = Tokens(accounts).create(BOB, "x", ["read", "write"])
    users.set_role(BOB, "viewer")
    assert users.set_role(BOB, "admin") == []
    assert not other.tokens.verify(token).may("write")
    listed = Tokens(accounts).get(kept.id)
    assert listed.scopes == ("read",) and listed.lowered_at is not None


def test_verify_bounds_a_token_that_was_not_lowered(users: Users, accounts: Accounts, other: OtherProcess) -> None:
    token, kept = Tokens(accounts).create(BOB, "x", ["read", "write"])
    accounts.connection.execute("UPDATE \"user\" SET role = 'viewer' WHERE email = ?", (BOB,))
    assert not other.tokens.verify(token).may("write")
    assert Tokens(accounts).get(kept.id).scopes == ("read",)
    account = other.tokens.account(other.tokens.verify(token))
    assert account.token is not None and account.token.scopes == ("read",)


def test_rotate_after_lowering_has_the_lower_scopes(users: Users, accounts: Accounts) -> None:
    _, kept = Tokens(accounts).create(BOB, "x", ["read", "write"])
    accounts.connection.execute("UPDATE \"user\" SET role = 'viewer' WHERE email = ?", (BOB,))
    _, new = OwnTokens(accounts, BOB).rotate(kept.id, 0)
    users.set_role(BOB, "editor")
    assert Tokens(accounts).get(new.id).scopes == ("read",)


@pytest.mark.parametrize(
    "change",
    [lambda users: users.set_role(ADA, "editor"), lambda users: users.disable(ADA), lambda users: users.delete(ADA)],
    ids=["role", "disable", "delete"],
)
def test_change_of_the_last_admin_is_refused(users: Users, change: Callable[[Users], object]) -> None:
    before = users.get(ADA)
    with pytest.raises(LastAdmin):
        change(users)
    assert users.get(ADA) == before
    users.set_role(BOB, "admin")
    change(users)
    with pytest.raises(LastAdmin):
        users.disable(BOB)


def test_set_role_unknown_role_is_refused(users: Users) -> None:
    with pytest.raises(ValueError, match="viewer, editor or admin"):
        users.set_role(BOB, "owner")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [lambda users: users.set_role(BOB, "editor"), lambda users: users.disable(BOB), lambda users: users.delete(BOB)],
    ids=["role", "disable", "delete"],
)
def test_invitation_ends_with_its_inviters_role(
    users: Users, accounts: Accounts, change: Callable[[Users], object]
) -> None:
    users.set_role(BOB, "admin")
    links = Links(accounts)
    secret = links.invite(CYD, role="admin", invited_by=users.get(BOB).id).rpartition("/")[2]
    assert [link.role for link in links.pending()] == ["admin"]
    change(users)
    assert links.pending() == []
    with pytest.raises(InvalidLink):
        links.accept(secret, "correct horse")
    links.accept(links.invite(CYD, role="editor").rpartition("/")[2], "correct horse")
    assert users.get(CYD).role == "editor"


def test_delete_user_refuses_token_and_session(users: Users, accounts: Accounts, other: OtherProcess) -> None:
    token, _ = Tokens(accounts).create(BOB, "x")
    session = Sessions(accounts).open(users.get(BOB).id)
    principal = other.tokens.verify(token)
    users.delete(BOB)
    with pytest.raises(Exception, match="is unknown"):
        other.tokens.account(principal)
    other.look_again()
    with pytest.raises(Exception, match="is unknown"):
        other.tokens.verify(token)
    assert other.sessions.verify(session) is None
    assert users.add(BOB).role == "viewer"
    assert [one.user for one in Tokens(accounts).all()] == []


def test_replace_leaves_one_token_of_the_name(users: Users, accounts: Accounts) -> None:
    tokens = Tokens(accounts)
    for _ in range(3):
        tokens.create(ADA, "demo")
    _, kept = tokens.create(BOB, "demo")
    _, other = tokens.create(ADA, "other")
    _, new = tokens.replace(ADA, "demo", ["read"], None)
    assert [one.id for one in tokens.all()] == [kept.id, other.id, new.id]
