"""Changes of users by id, for the web pages: by an admin, or by the users themselves."""

from __future__ import annotations

from typing import Final

from letrics.accounts.base import Accounts
from letrics.accounts.passwords import hash_password
from letrics.accounts.roles import Role
from letrics.accounts.users import UnknownUser, User, Users

MAX_NAME: Final = 100
"""Maximum length of a user's name in characters."""


class People:
    """Changes of users. Every method may raise StoreAway, and UnknownUser if no user has the id."""

    def __init__(self, database: Accounts) -> None:
        self._database = database
        self._connection = database.connection
        self._users = Users(database)

    def get(self, id: int) -> User:
        user = next((user for user in self._users.all() if user.id == id), None)
        if user is None:
            raise UnknownUser(f"there is no user {id}")
        return user

    def set_role(self, id: int, role: Role) -> list[int]:
        """Do what `Users.set_role` does."""
        return self._users.set_role(self.get(id).email, role)

    def disable(self, id: int) -> None:
        """Do what `Users.disable` does."""
        self._users.disable(self.get(id).email)

    def enable(self, id: int) -> None:
        """Do what `Users.enable` does."""
        self._users.enable(self.get(id).email)

    def delete(self, id: int) -> None:
        """Do what `Users.delete` does."""
        self._users.delete(self.get(id).email)

    def rename(self, id: int, name: str) -> None:
        """Set the user's display name; an empty name removes it. Raises ValueError for an invalid name."""
        name = " ".join(name.split())
        if len(name) > MAX_NAME or not name.isprintable():
            raise ValueError(f"the name must have at most {MAX_NAME} printable characters")
        self._set(id, "full_name", name or None)

    def set_password(self, id: int, password: str, keep_session: int | None) -> None:
        """Set the password, end all sessions except `keep_session`, and delete the user's reset and sign-in links.

        Raises ValueError for the password.
        """
        user = self.get(id)
        hashed = hash_password(password, self._database.hasher, email=user.email)
        with self._database.away, self._connection.writing():
            self._users.store_password(user, hashed, keep_session)

    def password_hash(self, email: str) -> tuple[int, str] | None:
        """The id and stored hash of a user who may sign in with a password, or None if there is no such user."""
        with self._database.away:
            row = self._connection.execute(
                'SELECT id, password_hash FROM "user" '
                "WHERE email = ? AND disabled_at IS NULL AND password_hash IS NOT NULL",
                (email,),
            ).fetchone()
        return None if row is None else (int(row[0]), str(row[1]))

    def _set(self, id: int, column: str, value: str | int | None) -> None:
        self.get(id)
        with self._database.away, self._connection.writing():
            self._users.change(id, column, value)
