"""Single-use links: to set up Letrics, to accept an invitation, to choose a new password, to sign in.

A link contains a random secret; the database stores only its SHA-256. A link is deleted when it is used, and refused
after it has expired. A new link replaces the previous one of the same purpose and email.
"""

from __future__ import annotations

import secrets
from typing import Any, Final, Literal

import msgspec

from letrics.accounts.base import Accounts
from letrics.accounts.database import now_ms
from letrics.accounts.passwords import hash_password
from letrics.accounts.roles import Role
from letrics.accounts.sessions import digest
from letrics.accounts.users import EmailTaken, UnknownUser, Users
from letrics.normalize.email import email_key, read_email
from letrics.normalize.time import DAY_MS

Purpose = Literal["invitation", "reset", "sign_in"]
LIFE_MS: Final[dict[Purpose, int]] = {"invitation": 7 * DAY_MS, "reset": DAY_MS // 24, "sign_in": DAY_MS // 24}
"""Lifetime of each kind of link in milliseconds: 7 days for an invitation, 1 hour for the others."""
PATHS: Final[dict[Purpose, str]] = {"invitation": "/invitation/", "reset": "/reset/", "sign_in": "/link/"}
"""URL path of each kind of link. The secret follows."""

_CODE: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Characters of a setup code: without 0, 1, I and O, which are easily confused."""

_FIND: Final = (
    'SELECT purpose, email, valid_link.role, expires_at FROM valid_link LEFT JOIN "user" USING (email) '
    "WHERE digest = ? AND purpose = ? AND expires_at > ? AND disabled_at IS NULL"
)
_PENDING: Final = (
    "SELECT purpose, email, role, expires_at FROM valid_link "
    "WHERE purpose = 'invitation' AND expires_at > ? ORDER BY email"
)


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A valid link. `role` is that of an invitation, else None. `expires_at` is in milliseconds since 1970."""

    purpose: Purpose
    email: str
    role: Role | None
    expires_at: int


class InvalidLink(LookupError):
    """The link was already used, has expired, or never existed."""

    def __init__(self) -> None:
        super().__init__("this link was already used, has expired, or is incomplete: ask for a new one")


class Links:
    """The links of an accounts database. Every method may raise StoreAway."""

    def __init__(self, database: Accounts) -> None:
        self._database = database
        self._connection = database.connection
        self._users = Users(database)

    def invite(self, email: str, *, role: Role | None = None, invited_by: int | None = None) -> str:
        """Create an invitation, valid for 7 days, for a person to become a user; returns the path of its link.

        `invited_by` is the id of the admin who invites, or None for an invitation from the command line. The link works
        only while that user is an enabled admin. Raises FirstUser, and ValueError if `email` is not an email address or
        belongs to a user.
        """
        try:
            key = email_key(read_email(email))
        except ValueError as error:
            raise ValueError(f"{email!r} {error}") from None
        try:
            self._users.get(key)
        except UnknownUser:
            return self._make("invitation", key, self._users.role_of_new(role), invited_by)
        raise ValueError(f"the user {key} already exists: create a reset link to let them choose a new password")

    def reset(self, email: str) -> str:
        """Create a link, valid for 1 hour, for a user to choose a new password; returns its path. Raises
        UnknownUser."""
        return self._make("reset", self._users.get(email).email)

    def sign_in(self, email: str) -> str:
        """Create a link, valid for 1 hour, that signs a user in once; returns its path. Raises UnknownUser."""
        return self._make("sign_in", self._users.get(email).email)

    def find(self, purpose: Purpose, secret: str) -> Link:
        """The link with this secret; does not use it up. Raises InvalidLink."""
        with self._database.away:
            row = self._connection.execute(_FIND, (digest(secret), purpose, now_ms())).fetchone()
        if row is None:
            raise InvalidLink
        return _link(row)

    def pending(self) -> list[Link]:
        """The invitations that can still be accepted, sorted by email."""
        with self._database.away:
            return [_link(row) for row in self._connection.execute(_PENDING, (now_ms(),))]

    def withdraw(self, email: str) -> bool:
        """Withdraw an invitation; returns whether there was one."""
        with self._database.away, self._connection.writing():
            sql = "DELETE FROM link WHERE purpose = 'invitation' AND email = ? RETURNING email"
            return bool(self._connection.execute(sql, (email,)).fetchall())

    def accept(self, secret: str, password: str) -> int:
        """Accept an invitation; returns the id of the new user. Raises InvalidLink, and ValueError for the password."""
        link = self.find("invitation", secret)  # first, because hashing is slow
        hashed = hash_password(password, self._database.hasher, email=link.email)
        with self._database.away, self._connection.writing():
            link = self.find("invitation", secret)  # again: the inviter may have lost the role since
            self._use("invitation", secret)
            try:
                return self._users.insert(link.email, link.role, hashed)
            except EmailTaken:
                raise InvalidLink from None

    def choose_password(self, secret: str, password: str) -> int:
        """Use a reset link and end all sessions of the user; returns the user's id.

        Raises InvalidLink, and ValueError for the password.
        """
        link = self.find("reset", secret)
        hashed = hash_password(password, self._database.hasher, email=link.email)
        with self._database.away, self._connection.writing():
            self._use("reset", secret)
            user = self._users.get(link.email)
            self._users.store_password(user, hashed)
        return user.id

    def enter(self, secret: str) -> int:
        """Use a sign-in link; returns the user's id. Raises InvalidLink."""
        link = self.find("sign_in", secret)
        with self._database.away, self._connection.writing():
            self._use("sign_in", secret)
        return self._users.get(link.email).id

    def make_setup_code(self) -> str | None:
        """Create a setup code, which lets its holder become the first admin; returns None if users exist.

        The previous code becomes invalid. A code is short enough to type and has 60 random bits.
        """
        code = "-".join("".join(secrets.choice(_CODE) for _ in range(4)) for _ in range(3))
        with self._database.away, self._connection.writing():
            if self.has_users():
                return None
            self._connection.execute("DELETE FROM link WHERE purpose = 'setup'")
            self._connection.execute(
                "INSERT INTO link (digest, purpose, created_at) VALUES (?, 'setup', ?)", (digest(code), now_ms())
            )
        return code

    def set_up(self, code: str, email: str, password: str) -> int:
        """Create the first admin; returns the user's id.

        Raises InvalidLink if the code is wrong or users exist, and ValueError with a message for the user if the email
        or the password is not allowed.
        """
        try:
            key = email_key(read_email(email))
        except ValueError as error:
            raise ValueError(f"{email!r} {error}") from None
        hashed = hash_password(password, self._database.hasher, email=key)
        with self._database.away, self._connection.writing():
            if self.has_users():
                raise InvalidLink
            self._use("setup", _typed(code))
            return self._users.insert(key, "admin", hashed)

    def is_setup_code(self, code: str) -> bool:
        with self._database.away:
            found = self._connection.execute(
                "SELECT 1 FROM link WHERE purpose = 'setup' AND digest = ?", (digest(_typed(code)),)
            ).fetchone()
        return found is not None

    def has_users(self) -> bool:
        return self._users.exist()

    def _make(self, purpose: Purpose, email: str, role: Role | None = None, invited_by: int | None = None) -> str:
        secret, now = secrets.token_urlsafe(32), now_ms()
        with self._database.away, self._connection.writing():
            self._connection.execute(
                "DELETE FROM link WHERE expires_at <= ? OR (purpose = ? AND email = ?)", (now, purpose, email)
            )
            self._connection.execute(
                "INSERT INTO link (digest, purpose, email, role, invited_by, created_at, expires_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (digest(secret), purpose, email, role, invited_by, now, now + LIFE_MS[purpose]),
            )
        return PATHS[purpose] + secret

    def _use(self, purpose: str, secret: str) -> None:
        sql = "DELETE FROM link WHERE digest = ? AND purpose = ? RETURNING purpose"
        if not self._connection.execute(sql, (digest(secret), purpose)).fetchall():
            raise InvalidLink


def _typed(code: str) -> str:
    """The printed form of a code that was typed in any case and with any separators."""
    bare = "".join(c for c in code.upper() if c in _CODE)
    return "-".join((bare[:4], bare[4:8], bare[8:]))


def _link(row: tuple[Any, ...]) -> Link:
    purpose, email, role, expires = row
    return Link(purpose=purpose, email=email, role=role, expires_at=expires)
