"""Users, who own tokens and sessions. At least one enabled user always remains an admin."""

from __future__ import annotations

import difflib
from typing import Any, cast

import msgspec

from letrics.accounts.base import Accounts
from letrics.accounts.database import now_ms
from letrics.accounts.passwords import hash_password
from letrics.accounts.roles import ROLES, Role, scopes_within
from letrics.normalize.email import email_key, read_email
from letrics.normalize.time import format_time
from letrics.store.sql import read_rows, read_value


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A user, without the password hash.

    Times are strings in the API's format. `disabled_at` is None for an enabled user. `has_totp` says that signing in
    takes a code of an authenticator app, too.
    """

    id: int
    email: str
    role: Role
    has_password: bool
    has_totp: bool
    created_at: str
    disabled_at: str | None


class UnknownUser(LookupError):
    """There is no user with this email. The message suggests the most similar email."""


class LastAdmin(ValueError):
    """The change would leave no enabled admin, so it was not made."""

    def __init__(self) -> None:
        super().__init__("this is the last admin: make another user an admin first")


class FirstUser(ValueError):
    """The first user must be an admin, but another role was requested."""

    def __init__(self) -> None:
        super().__init__("there are no users yet, and the first one must be an admin: add the others afterwards")


class EmailTaken(ValueError):
    """Another user has the email."""

    def __init__(self, email: str) -> None:
        super().__init__(f"the user {email} already exists")


_COLUMNS = "id, email, role, password_hash IS NOT NULL, totp_secret IS NOT NULL, created_at, disabled_at"


class Users:
    """The users of an accounts database. Every method may raise StoreAway."""

    def __init__(self, database: Accounts) -> None:
        self._database = database
        self._connection = database.connection

    def add(self, email: str, *, role: Role | None = None, password: str | None = None) -> User:
        """Add a user. A user without a password can have tokens but cannot sign in.

        The role defaults to admin for the first user and to viewer for others. Raises FirstUser and EmailTaken. Raises
        ValueError with a message for the user if the email is invalid, or if the password is not allowed.
        """
        key = _key(email)
        hashed = None if password is None else hash_password(password, self._database.hasher, email=key)
        with self._database.away, self._connection.writing():
            self.insert(key, role, hashed)
        return self.get(email)

    def insert(self, key: str, role: Role | None, hashed: str | None) -> int:
        """Insert a user inside the caller's transaction; returns the id of the new user.

        Raises FirstUser, and EmailTaken if the email belongs to a user.
        """
        added: int | None = read_value(
            self._connection,
            'INSERT INTO "user" (email, role, password_hash, created_at) VALUES (?, ?, ?, ?) '
            "ON CONFLICT (email) DO NOTHING RETURNING id",
            (key, self.role_of_new(role), hashed, now_ms()),
        )
        if added is None:
            raise EmailTaken(key)
        return added

    def role_of_new(self, role: Role | None) -> Role:
        """The role of a user who is added now with the requested `role`. Raises FirstUser."""
        if self.exist():
            return role or "viewer"
        if role not in (None, "admin"):
            raise FirstUser
        return "admin"

    def exist(self) -> bool:
        """Whether there are users."""
        with self._database.away:
            return bool(read_value(self._connection, 'SELECT EXISTS (SELECT 1 FROM "user")'))

    def lack_admin(self) -> bool:
        """Whether there are users but no enabled admin."""
        with self._database.away:
            return self.exist() and not self._admins()

    def get(self, email: str) -> User:
        """The user with this email; case is ignored. Raises UnknownUser."""
        key = email_key(email.strip())
        with self._database.away:
            row = self._connection.execute(f'SELECT {_COLUMNS} FROM "user" WHERE email = ?', (key,)).fetchone()  # noqa: S608
        if row is None:
            near = difflib.get_close_matches(key, [user.email for user in self.all()], 1, 0.6)
            hint = f"did you mean {near[0]}?" if near else "`letrics user list` lists all users"
            raise UnknownUser(f"there is no user {email}: {hint}")
        return _user(row)

    def all(self) -> list[User]:
        """All users, in the order in which they were added."""
        with self._database.away:
            return [_user(row) for row in self._connection.execute(f'SELECT {_COLUMNS} FROM "user" ORDER BY id')]  # noqa: S608

    def set_password(self, email: str, password: str) -> User:
        """Set the user's password, end all sessions, and delete the user's reset and sign-in links.

        Raises UnknownUser, and ValueError with a message for the user if the password is refused.
        """
        user = self.get(email)
        hashed = hash_password(password, self._database.hasher, email=user.email)
        with self._database.away, self._connection.writing():
            self.store_password(user, hashed)
        return self.get(email)

    def store_password(self, user: User, hashed: str, keep_session: int | None = None) -> None:
        """Store the hash of a new password inside the caller's transaction.

        Ends all sessions except `keep_session`, and deletes the user's reset and sign-in links.
        """
        self.change(user.id, "password_hash", hashed)
        self._connection.execute(
            "DELETE FROM session WHERE user_id = ? AND id IS DISTINCT FROM ?", (user.id, keep_session)
        )
        self._connection.execute("DELETE FROM link WHERE purpose IN ('reset', 'sign_in') AND email = ?", (user.email,))
        self._connection.execute("DELETE FROM second_step WHERE user_id = ?", (user.id,))

    def set_role(self, email: str, role: Role) -> list[int]:
        """Set the user's role; returns the ids of the tokens that lost scopes.

        Tokens lose scopes permanently: a higher role later does not restore them. Invitations by a user who is no
        longer an admin cannot be accepted. Raises UnknownUser, LastAdmin, and ValueError for a role that does not
        exist.
        """
        if role not in ROLES:
            raise ValueError(f"there is no role {role}: choose {', '.join(ROLES[:-1])} or {ROLES[-1]}")
        user = self.get(email)
        with self._database.away, self._connection.writing():
            self.change(user.id, "role", role)
            return self._lower_tokens(user.id, role)

    def disable(self, email: str) -> User:
        """Disable the user: end all sessions, and refuse all tokens until the user is enabled again.

        A user who is already disabled stays disabled. Raises UnknownUser and LastAdmin.
        """
        user = self.get(email)
        with self._database.away, self._connection.writing():
            if user.disabled_at is None:
                self.change(user.id, "disabled_at", now_ms())
            self._connection.execute("DELETE FROM session WHERE user_id = ?", (user.id,))
        return self.get(email)

    def enable(self, email: str) -> User:
        """Re-enable a user: tokens that are neither revoked nor expired become valid again. Raises UnknownUser."""
        return self._change(email, "disabled_at", None)

    def delete(self, email: str) -> User:
        """Permanently delete the user with all tokens, sessions, links and pending invitations.

        Returns the deleted user. Raises UnknownUser and LastAdmin.
        """
        user = self.get(email)
        with self._database.away, self._connection.writing():
            self.change(user.id, "disabled_at", now_ms())  # raises LastAdmin
            for table in ("token", "session"):
                self._connection.execute(f"DELETE FROM {table} WHERE user_id = ?", (user.id,))  # noqa: S608
            self._connection.execute("DELETE FROM link WHERE email = ?", (user.email,))
            self._connection.execute('DELETE FROM "user" WHERE id = ?', (user.id,))
        return user

    def change(self, id: int, column: str, value: str | int | None) -> None:
        """Set one column of a user, inside the caller's transaction. Raises LastAdmin."""
        before = self._admins()
        self._connection.execute(f'UPDATE "user" SET {column} = ? WHERE id = ?', (value, id))  # noqa: S608
        if before and not self._admins():
            raise LastAdmin

    def _change(self, email: str, column: str, value: str | int | None) -> User:
        user = self.get(email)
        with self._database.away, self._connection.writing():
            self.change(user.id, column, value)
        return self.get(email)

    def _lower_tokens(self, id: int, role: Role) -> list[int]:
        sql = "SELECT id, scopes FROM token WHERE user_id = ? AND revoked_at IS NULL"
        lowered: list[int] = []
        for token, text in read_rows(self._connection, sql, (id,)):
            scopes = text.split()
            within = scopes_within(role, scopes)
            if within != frozenset(scopes):
                self._connection.execute(
                    "UPDATE token SET scopes = ?, lowered_at = ? WHERE id = ?",
                    (" ".join(sorted(within)), now_ms(), token),
                )
                lowered.append(token)
        return lowered

    def _admins(self) -> int:
        sql = """SELECT count(*) FROM "user" WHERE role = 'admin' AND disabled_at IS NULL"""
        count: int = read_value(self._connection, sql)
        return count


def _key(email: str) -> str:
    try:
        return email_key(read_email(email))
    except ValueError as error:
        raise ValueError(f"{email!r} {error}") from None


def _user(row: tuple[Any, ...]) -> User:
    id, email, role, has_password, has_totp, created, disabled = row
    return User(
        id=id, email=email, role=cast("Role", role), has_password=bool(has_password), has_totp=bool(has_totp),
        created_at=format_time(created), disabled_at=None if disabled is None else format_time(disabled),
    )  # fmt: skip
