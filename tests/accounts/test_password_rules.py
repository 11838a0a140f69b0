"""Passwords that are refused, and those that are not."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from letrics.accounts.password_rules import MAX_LENGTH, check_password

BREACHED = "data breaches"
ABOUT = "little more than the email address"


@pytest.mark.parametrize(
    ("password", "email", "said"),
    [("short", "", "at least 10"), ("x" * (MAX_LENGTH + 1), "", "at most 1,024"), ("password123", "", BREACHED),
     ("PassWord123", "", BREACHED), ("password123!!", "", BREACHED), ("qwertyuiop", "", BREACHED),
     ("aaaaaaaaaa", "", BREACHED), ("jane.doe@acme.example", "jane.doe@acme.example", ABOUT),
     ("Letrics-Acme1", "jane@acme.example", ABOUT), ("janedoe-26", "jane.doe@acme.example", ABOUT)],
)  # fmt: skip
def test_check_password_weak_is_refused(password: str, email: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check_password(password, email)


@pytest.mark.parametrize(
    "password", ["correct horse", "battery staple", "пароль для поиска", "    four  blanks", "jane is not my password"]
)
def test_check_password_of_any_composition_passes(password: str) -> None:
    check_password(password, "jane@acme.example")


@pytest.mark.parametrize("letter", ["1", "a", "é", "!", "jane.doe@"])
def test_check_password_longest_takes_little_time(letter: str) -> None:
    start = time.process_time()
    with suppress(ValueError):
        check_password((letter * MAX_LENGTH)[:MAX_LENGTH], "jane.doe@acme.example")
    assert time.process_time() - start < 0.5
