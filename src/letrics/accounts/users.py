"""Users: the people that tokens belong to."""

from __future__ import annotations

import difflib
from typing import Any

import apsw
import msgspec

from letrics.accounts.database import AccountsDatabase, now_ms
from letrics.accounts.passwords import hash_password
from letrics.normalize.email import email_key, read_email
from letrics.normalize.time import format_time
from letrics.store.connection import transaction


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A user as it is listed. Times are in the written form; `disabled_at` is None while the user may act."""

    id: int
    email: str
    admin: bool
    has_password: bool
    created_at: str
    disabled_at: str | None


class UnknownUser(LookupError):
    """There is no user with this email; the text names the nearest one."""


_COLUMNS = "id, email, admin, password_hash IS NOT NULL, created_at, disabled_at"


class Users:
    """The users of an accounts database. Every method may raise StoreAway."""

    def __init__(self, database: AccountsDatabase) -> None:
        self._database = database
        self._connection = database.connection

    def add(self, email: str, *, admin: bool = False, password: str | None = None) -> User:
        """Add a user; without a password they can hold tokens but not sign in.

        Raises ValueError with words for a person: no email address, a user of that email exists, a bad password.
        """
        key = _key(email)
        hashed = None if password is None else hash_password(password)
        try:
            with self._database.away, transaction(self._connection):
                self._connection.execute(
                    "INSERT INTO user (email, admin, password_hash, created_at) VALUES (?, ?, ?, ?)",
                    (key, admin, hashed, now_ms()),
                )
        except apsw.ConstraintError:
            raise ValueError(f"there is a user {key} already") from None
        return self.get(email)

    def get(self, email: str) -> User:
        """The user with this email, whatever its case. Raises UnknownUser."""
        key = email_key(email.strip())
        with self._database.away:
            row = self._connection.execute(f"SELECT {_COLUMNS} FROM user WHERE email = ?", (key,)).fetchone()  # noqa: S608
        if row is None:
            near = difflib.get_close_matches(key, [user.email for user in self.all()], 1, 0.6)
            hint = f"did you mean {near[0]}?" if near else "`letrics user list` names them all"
            raise UnknownUser(f"there is no user {email}: {hint}")
        return _user(row)

    def all(self) -> list[User]:
        """Every user, in the order in which they were added."""
        with self._database.away:
            return [_user(row) for row in self._connection.execute(f"SELECT {_COLUMNS} FROM user ORDER BY id")]  # noqa: S608

    def set_password(self, email: str, password: str) -> User:
        """Raises UnknownUser, and ValueError for a password that is too short or too long."""
        return self._change(email, "password_hash", hash_password(password))

    def disable(self, email: str) -> User:
        """Refuse all of the user's tokens from now on; a user already disabled stays so. Raises UnknownUser."""
        user = self.get(email)
        return user if user.disabled_at else self._change(email, "disabled_at", now_ms())

    def enable(self, email: str) -> User:
        """Take a `disable` back: tokens neither revoked nor expired are good again. Raises UnknownUser."""
        return self._change(email, "disabled_at", None)

    def _change(self, email: str, column: str, value: str | int | None) -> User:
        user = self.get(email)
        with self._database.away, transaction(self._connection):
            self._connection.execute(f"UPDATE user SET {column} = ? WHERE id = ?", (value, user.id))  # noqa: S608
        return self.get(email)


def _key(email: str) -> str:
    try:
        return email_key(read_email(email))
    except ValueError as error:
        raise ValueError(f"{email!r} {error}") from None


def _user(row: tuple[Any, ...]) -> User:
    id, email, admin, has_password, created, disabled = row
    return User(
        id=id, email=email, admin=bool(admin), has_password=bool(has_password), created_at=format_time(created),
        disabled_at=None if disabled is None else format_time(disabled),
    )  # fmt: skip
