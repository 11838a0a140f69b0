"""Labels for request fields and record fields."""

from __future__ import annotations

from functools import cache
from typing import Final

_SPELLED: Final = {"linkedin": "LinkedIn", "url": "URL", "id": "ID", "tlds": "TLDs", "tld": "TLD"}
"""Words with a special spelling."""

_DROPPED: Final = ("_at",)
"""Suffixes of field names that labels omit."""

_HEADS: Final = {"emails": "Email", "linkedin_url": "LinkedIn", "company.name": "Company"}
"""Short column headings that replace the label."""


@cache
def head(name: str) -> str:
    """Return the heading of a column, which is short because the column is narrow."""
    return _HEADS.get(name) or label(name)


@cache
def label(name: str) -> str:
    """Return the label of a field.

    `company.linkedin_url` → `Company LinkedIn URL`; `exclude_tlds` → `Exclude TLDs`; `added_at` → `Added`.
    """
    for end in _DROPPED:
        name = name.removesuffix(end)
    words = [_SPELLED.get(word, word) for word in name.replace(".", "_").split("_")]
    first, *rest = words
    return " ".join([first if first in _SPELLED.values() else first.capitalize(), *rest])
