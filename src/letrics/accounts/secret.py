"""The text of an API token: how one is made, and how a typo is recognised without asking a database.

`ltr_`, then 30 or more base62 characters (30 are made: 178 random bits), then the CRC-32 of all that precedes it as 6
base62 digits, most significant first. Base62 digits are 0–9, A–Z, a–z in that order. The prefix and the checksum let
secret scanners find tokens without false alarms.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import zlib
from typing import Final

PREFIX: Final = "ltr_"
ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM: Final = 30
_CHECK: Final = 6
_FORM: Final = re.compile(r"ltr_[0-9A-Za-z]{36,200}")


def make_secret() -> str:
    """A new token. It is shown once; only its digest is kept."""
    body = PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM))
    return body + checksum(body)


def well_formed(text: str) -> bool:
    """Whether the form and the checksum are those of a token: whether a database need be asked at all."""
    return _FORM.fullmatch(text) is not None and checksum(text[:-_CHECK]) == text[-_CHECK:]


def checksum(body: str) -> str:
    """The 6 base62 digits of the CRC-32 of `body`."""
    value = zlib.crc32(body.encode("ascii"))
    digits = ""
    for _ in range(_CHECK):
        value, digit = divmod(value, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits


def digest(secret: str) -> bytes:
    """What is stored of a token: its SHA-256. A token has too many random bits for a slow hash to be of use."""
    return hashlib.sha256(secret.encode("ascii")).digest()
