"""Password hashing: argon2id with the parameters that argon2-cffi recommends (RFC 9106, low-memory profile)."""

from __future__ import annotations

from functools import cache
from typing import Final

import argon2

MIN_LENGTH: Final = 10
"""Minimum length of a password in characters."""
MAX_LENGTH: Final = 1024
"""Maximum length of a password in characters."""
HASHER: Final = argon2.PasswordHasher()
"""The hasher of a server. Tests use a cheaper one."""


def hash_password(password: str, hasher: argon2.PasswordHasher = HASHER) -> str:
    """The hash to store. Computing it takes some tens of milliseconds and 64 MiB, by design.

    Raises ValueError with a message for the user if the password is too short or too long.
    """
    if len(password) < MIN_LENGTH:
        raise ValueError(f"the password has {len(password)} characters; at least {MIN_LENGTH} are needed")
    if len(password) > MAX_LENGTH:
        raise ValueError(f"the password has {len(password):,} characters; at most {MAX_LENGTH:,} are allowed")
    try:
        return hasher.hash(password)
    except UnicodeEncodeError:
        raise ValueError("the password contains bytes that are not UTF-8: choose another") from None


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
