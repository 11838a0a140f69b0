"""The names of fields and members as people read them."""

from __future__ import annotations

from functools import cache
from typing import Final

_SPELLED: Final = {"linkedin": "LinkedIn", "url": "URL", "id": "ID", "tlds": "TLDs", "tld": "TLD"}
_DROPPED: Final = ("_at",)
_HEADS: Final = {"emails": "Email", "linkedin_url": "LinkedIn", "company.name": "Company"}


@cache
def head(name: str) -> str:
    """The head of a column in the table: short, since the column is narrow."""
    return _HEADS.get(name) or label(name)


@cache
def label(name: str) -> str:
    """`company.linkedin_url` → `Company LinkedIn URL`; `exclude_tlds` → `Exclude TLDs`; `added_at` → `Added`."""
    for end in _DROPPED:
        name = name.removesuffix(end)
    words = [_SPELLED.get(word, word) for word in name.replace(".", "_").split("_")]
    first, *rest = words
    return " ".join([first if first in _SPELLED.values() else first.capitalize(), *rest])
