"""The secret of an API token: how it is generated, and how typos are detected without a database lookup.

The format is `ltr_`, then 30 or more base62 characters, then the CRC-32 of all that precedes it as 6 base62 digits,
most significant first. Generated secrets have 30 random characters (178 bits). Base62 digits are 0–9, A–Z, a–z in that
order. The prefix and the checksum let secret scanners find tokens without false positives.
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
"""Number of random characters in a generated secret."""
_CHECK: Final = 6
"""Number of characters of the checksum."""
_FORM: Final = re.compile(r"ltr_[0-9A-Za-z]{36,200}")
"""Matches the form of a secret: the prefix, then 36 to 200 base62 characters including the checksum."""


def make_secret() -> str:
    """Generate a secret. It is shown once; the database stores only its digest."""
    body = PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM))
    return body + checksum(body)


def well_formed(text: str) -> bool:
    """Whether the form and the checksum of a secret are valid. If not, no database lookup is needed."""
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
    """The SHA-256 of a secret, for storage. A secret is random and long, so a slow hash would not add security."""
    return hashlib.sha256(secret.encode("ascii")).digest()
