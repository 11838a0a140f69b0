"""Passwords that cannot be hashed, and stored hashes that are invalid."""

from __future__ import annotations

import pytest

from letrics.accounts.passwords import hash_password, password_matches

NOT_UTF8 = b"pass\xffword123".decode("utf-8", "surrogateescape")


def test_hash_password_not_utf8_is_refused_in_our_words() -> None:
    with pytest.raises(ValueError, match="the password contains bytes that are not UTF-8: choose another"):
        hash_password(NOT_UTF8)


def test_password_matches_unreadable_is_no_match() -> None:
    assert not password_matches(hash_password("correct horse"), NOT_UTF8)
    assert not password_matches("no hash at all", "correct horse")


def test_a_user_without_a_password_matches_none() -> None:
    assert not password_matches(None, "")
    assert not password_matches(None, "a password that belongs to no user")
