"""Counts in words: `1 contact`, `2 contacts`, `1,234 companies`."""

from __future__ import annotations

import re
from typing import Final

_FORMS: Final = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
"""Matches `{singular|plural}`. The groups are the two forms."""


def counted(number: int, noun: str) -> str:
    """`number` with thousands separators, followed by the singular or plural of `noun`, which is given in singular."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def counted_people(number: int) -> str:
    """`number` with thousands separators, followed by "person" or "people"."""
    return f"{number:,} {'person' if number == 1 else 'people'}"


def inflected(number: int, words: str) -> str:
    """Words that agree with a number: of each `{singular|plural}` in them, the form for `number`."""
    return _FORMS.sub(r"\1" if number == 1 else r"\2", words)


def plural(noun: str) -> str:
    """The regular English plural: companies, days, contacts."""
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"
