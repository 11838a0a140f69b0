"""Tokens managed by their owner: creating, renaming, rotating and revoking them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from letrics.accounts.base import Accounts
from letrics.accounts.database import now_ms
from letrics.accounts.own_tokens import OVERLAPS_MS, OwnTokens, usable
from letrics.accounts.tokens import MAX_NAME, Tokens, UnknownToken
from letrics.accounts.users import Users
from letrics.accounts.verifier import Verifier
from letrics.errors import LetricsError
from letrics.normalize.time import DAY_MS, parse_time

ANN, BOB = "ann@people.example", "bob@people.example"


@pytest.fixture
def own(users: Users, accounts: Accounts) -> OwnTokens:
    """The tokens of ann. There is another user, bob."""
    users.add(ANN)
    users.add(BOB)
    return OwnTokens(accounts, ANN)


def test_all_lists_only_own_tokens_newest_first(own: OwnTokens, accounts: Accounts) -> None:
    made = [own.create(name, ["read"], None)[1] for name in ("first", "second")]
    Tokens(accounts).create(BOB, "other")
    assert own.all() == made[::-1]


@pytest.mark.parametrize(
    "use",
    [lambda own, id: own.get(id), lambda own, id: own.rename(id, "x"), lambda own, id: own.revoke(id),
     lambda own, id: own.rotate(id, 0)],
    ids=["get", "rename", "revoke", "rotate"],
)  # fmt: skip
def test_token_of_another_user_is_unknown(
    own: OwnTokens, accounts: Accounts, use: Callable[[OwnTokens, int], object]
) -> None:
    theirs = Tokens(accounts).create(BOB, "theirs")[1]
    for id in (theirs.id, 99):
        with pytest.raises(UnknownToken, match=f"there is no token {id}"):
            use(own, id)
    assert Tokens(accounts).get(theirs.id) == theirs


def test_rename_strips_and_checks_the_name(own: OwnTokens) -> None:
    token = own.create("old", ["read"], None)[1]
    assert own.rename(token.id, "  new name ").name == "new name"
    for name in ("", "  ", "a\nb", "x" * (MAX_NAME + 1)):
        with pytest.raises(ValueError, match="printable"):
            own.rename(token.id, name)
    assert own.get(token.id).name == "new name"


@pytest.mark.parametrize("overlap", OVERLAPS_MS)
def test_rotate_keeps_the_old_token_for_the_overlap(own: OwnTokens, accounts: Accounts, overlap: str) -> None:
    secret, old = own.create("x", ["read", "write"], now_ms() + 90 * DAY_MS)
    new_secret, new = own.rotate(old.id, OVERLAPS_MS[overlap])
    assert (new.name, new.scopes, new.last_four) == (old.name, old.scopes, new_secret[-4:])
    assert old.expires_at is not None and new.expires_at is not None
    life = parse_time(new.expires_at) - parse_time(new.created_at)
    assert life == parse_time(old.expires_at) - parse_time(old.created_at)
    verifier, left = Verifier(accounts), own.get(old.id)
    assert verifier.verify(new_secret).token_id == new.id
    if overlap == "0":
        with pytest.raises(LetricsError, match="revoked"):
            verifier.verify(secret)
    else:
        assert left.expires_at is not None
        assert parse_time(left.expires_at) == parse_time(new.created_at) + OVERLAPS_MS[overlap]


def test_rotate_never_extends_the_old_token(own: OwnTokens) -> None:
    old = own.create("x", ["read"], now_ms() + 60_000)[1]
    own.rotate(old.id, OVERLAPS_MS["7d"])
    assert own.get(old.id).expires_at == old.expires_at


def test_rotate_unusable_token_is_refused(own: OwnTokens, accounts: Accounts) -> None:
    revoked, expired = (own.create("x", ["read"], now_ms() + 60_000)[1] for _ in range(2))
    own.revoke(revoked.id)
    accounts.connection.execute("UPDATE token SET expires_at = 1000 WHERE id = ?", (expired.id,))
    for id in (revoked.id, expired.id):
        with pytest.raises(ValueError, match="expired or was revoked"):
            own.rotate(id, 0)
    assert len(own.all()) == 2


def test_usable_ends_at_the_expiry(own: OwnTokens) -> None:
    expiry = now_ms() + 60_000
    token = own.create("x", ["read"], expiry)[1]
    assert usable(token, expiry - 1) and not usable(token, expiry)
    assert usable(own.create("y", ["read"], None)[1], 1 << 45)
    assert not usable(own.revoke(token.id), expiry - 1)
