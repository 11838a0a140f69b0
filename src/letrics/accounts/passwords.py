"""Passwords: argon2id with the parameters argon2-cffi recommends (RFC 9106, low-memory profile)."""

from __future__ import annotations

from functools import cache
from typing import Final

import argon2

MIN_LENGTH: Final = 10
MAX_LENGTH: Final = 1024
_hasher: Final = argon2.PasswordHasher()


def hash_password(password: str) -> str:
    """The hash to store; takes some tens of milliseconds and 64 MiB on purpose.

    Raises ValueError with words for a person when the password is too short or too long.
    """
    if len(password) < MIN_LENGTH:
        raise ValueError(f"the password has {len(password)} characters; at least {MIN_LENGTH} are needed")
    if len(password) > MAX_LENGTH:
        raise ValueError(f"the password has {len(password):,} characters; at most {MAX_LENGTH:,} are allowed")
    try:
        return _hasher.hash(password)
    except UnicodeEncodeError:
        raise ValueError("the password holds bytes that are not UTF-8: choose another") from None


def password_matches(stored: str | None, password: str) -> bool:
    """Whether `password` is the one that was hashed. A user without a password matches nothing, in the same time."""
    try:
        return _hasher.verify(stored or _nobody(), password) and stored is not None
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError, UnicodeEncodeError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash("a password that belongs to nobody")


def prepare() -> None:
    """Make what `password_matches` compares with where a user has no password, so that its first call takes no longer
    than others."""
    _nobody()
