"""Email addresses in a cell: several of them, with names, quotes, links and labels around them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from letrics.normalize.email import email_key, read_email
from letrics.normalize.empty_cells import is_empty_cell

_MAX_TEXT: Final = 100_000
"""The maximum length of a cell, in characters."""
_MAX_ADDRESSES: Final = 1_000
"""The maximum number of addresses in a cell."""
_SEPARATOR: Final = re.compile(r"[;|\n\r\t,\u2028\u2029]+| :::(?= |\Z)| / ")
"""Matches what separates the addresses of a cell."""
_WORD: Final = re.compile(r"[^\s<>()\[\]{}\"\u201c\u201d\u00ab\u00bb\u201e]+")
"""Matches a word without brackets and quotes around it."""
_MAILTO: Final = "mailto:"
"""The scheme of a link to an address."""
_AROUND: Final = "'`\u2018\u2019\u201a:;,."
"""Characters that are removed at the ends of an address."""
_LOCKED: Final = "email_not_unlocked"
"""The part before the @ that Apollo writes instead of an address that the plan does not show."""


class EmailList(NamedTuple):
    """The `addresses` of a cell, each once, and `problems`: each part that is not one, and a text about it."""

    addresses: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]


def read_emails(text: str) -> EmailList:
    """Read the addresses of a cell: `a@x.com; b@x.com`, `Jane Doe <jane@x.com>`, `mailto:jane@x.com`, `'jane@x.com'`.

    A part that is not an address does not affect the others. Words without an @ next to an address (a name, `(work)`)
    are ignored. Raises ValueError for a text that is too long.
    """
    if len(text) > _MAX_TEXT:
        raise ValueError(f"is longer than {_MAX_TEXT:,} characters, the maximum for this field")
    if not text.isprintable():
        text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    parts = _SEPARATOR.split(text)
    addresses: dict[str, str] = {}
    problems: dict[str, str] = {}
    for number, part in enumerate(parts):
        if "@" not in part:
            following = parts[number + 1] if number + 1 < len(parts) else ""
            if not _is_ignored(part, following):
                problems[part.strip()] = "is not an email address: it has no @"
            continue
        for word in _words(part):
            try:
                address = read_email(word)
            except ValueError as error:
                problems[word] = str(error)
            else:
                if not address.lower().startswith(f"{_LOCKED}@"):
                    addresses.setdefault(email_key(address), address)
        if len(addresses) > _MAX_ADDRESSES:
            raise ValueError(f"has more than {_MAX_ADDRESSES:,} addresses, the maximum for this field")
    return EmailList(tuple(addresses.values()), tuple(problems.items()))


def _is_ignored(part: str, following: str) -> bool:
    """Return whether a part without an @ is empty, or the first half of a name: `Doe, Jane <jane@x.com>`."""
    return is_empty_cell(part) or ("<" in following and "@" in following) or not part.strip(_AROUND + ' <>()[]"')


def _words(part: str) -> list[str]:
    """The words of a part that may be addresses: those with an @."""
    found: list[str] = []
    for match in _WORD.finditer(part):
        word = match[0]
        if "@" not in word:
            continue
        at = word.lower().find(_MAILTO)
        if at >= 0:
            word = word[at:].strip(_AROUND)
            word = word.partition("?")[0] if "@" in word.partition("?")[0] else word
        else:
            word = word.strip(_AROUND)
        found += word.split("/") if word.count("@") > 1 and "/" in word else [word]
    return [word for word in found if word]
