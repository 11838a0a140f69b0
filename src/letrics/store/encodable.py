"""Stored documents made encodable: halves of surrogate pairs and bytes that are not UTF-8 become U+FFFD.

Imports refuse such text. A database that another program wrote to may hold it, and one such text must break neither a
response nor an export.
"""

from __future__ import annotations

import re
from typing import Final

_ESCAPE: Final = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
"""An escape in JSON: a whole surrogate pair, half of one (the group), or any other."""


def encodable(document: bytes) -> bytes:
    """The document itself where its text can be encoded, as nearly all can: a check of less than a microsecond."""
    if b"\\ud" in document or b"\\uD" in document:
        return _ESCAPE.sub(_replace_half, document.decode("utf-8", "replace")).encode()
    if document.isascii():
        return document
    try:
        document.decode()
    except UnicodeDecodeError:
        return document.decode("utf-8", "replace").encode()
    return document


def _replace_half(escape: re.Match[str]) -> str:
    return escape[0] if escape[1] is None else "\\ufffd"
