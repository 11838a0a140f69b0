"""Password hashing: argon2id with the parameters that argon2-cffi recommends (RFC 9106, low-memory profile)."""

from __future__ import annotations

from functools import cache
from typing import Final

import argon2

from letrics.accounts.password_rules import check_password

HASHER: Final = argon2.PasswordHasher()
"""The hasher of a server. Tests use a cheaper one."""


def hash_password(password: str, hasher: argon2.PasswordHasher = HASHER, *, email: str = "") -> str:
    """The hash to store for a new password of the user `email`.

    Computing it takes some tens of milliseconds and 64 MiB, by design. Raises ValueError with a message for the user if
    `check_password` refuses the password.
    """
    check_password(password, email)
    return hasher.hash(password)


def password_matches(stored: str | None, password: str, hasher: argon2.PasswordHasher = HASHER) -> bool:
    """Whether `password` matches the hash `stored`. With None nothing matches, after the same computing time."""
    try:
        return hasher.verify(stored or _placeholder_hash(hasher), password) and stored is not None
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError, UnicodeEncodeError):
        return False


@cache
def _placeholder_hash(hasher: argon2.PasswordHasher) -> str:
    return hasher.hash("a password that belongs to no user")


def prepare(hasher: argon2.PasswordHasher = HASHER) -> None:
    """Compute the hash that `password_matches` uses for users without a password.

    Otherwise the first such call would take longer than others.
    """
    _placeholder_hash(hasher)
