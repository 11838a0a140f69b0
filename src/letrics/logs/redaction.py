"""Removes secrets from texts for the log, in case a message contains one: tokens, link secrets, passwords in URLs."""

from __future__ import annotations

import re
from typing import Final

HIDDEN: Final = "***"
_SECRETS: Final = re.compile(
    r"(ltr_)[0-9A-Za-z]{8,}"
    r"|(/(?:invitation|reset|link)/)[\w-]{8,}"
    r"|(://[^\s:/@]{0,200}:)[^\s@]{1,200}(?=@)"
)
"""Matches a token, the secret of a link in a path, and a password in a URL. The group before the secret stays."""


def redact(text: str) -> str:
    """The text with every secret replaced by `HIDDEN`."""
    if "ltr_" not in text and "/" not in text:
        return text
    return _SECRETS.sub(lambda found: (found[1] or found[2] or found[3]) + HIDDEN, text)
