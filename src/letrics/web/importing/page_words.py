"""Errors of imports in the words of the page: the API names parameters, the page has fields to fill in."""

from __future__ import annotations

import re
from typing import Final

from letrics.web.explorer.words import label

_ENCODING: Final = re.compile(r": pass encoding=([A-Za-z0-9_-]+)")
"""Matches the suggestion of an encoding."""
_KIND: Final = re.compile(r": pass kind=.*", re.DOTALL)
"""Matches the suggestion to choose a kind."""
_MAPS: Final = re.compile(r": (?:add|pass|did you mean) map=.*", re.DOTALL)
"""Matches the suggestions of fields of columns."""
_MAP: Final = re.compile(r"map='?([^'=]+)=([a-z_]+)'?|'([^'=]+)=([a-z_]+)'")
"""Matches one suggestion."""
_CONFIRM: Final = "add --yes if the names are right (over HTTP, confirm_renames=true)"
"""The suggestion to confirm changes of names."""


def page_words(text: str) -> str:
    """Replace the suggestions of an error by what to do on the page."""
    text = text.replace(_CONFIRM, "upload the file again and allow many changed names under Options")
    text = _ENCODING.sub(r": choose the encoding \1 under Options", text)
    text = _KIND.sub(": choose what the file has under Options.", text)
    found = _MAPS.search(text)
    if found is None:
        return text
    pairs = [(m[1] or m[3], m[2] or m[4]) for m in _MAP.finditer(found[0]) if (m[1] or m[3]) != "COLUMN"]
    if len(pairs) > 1 and len({column for column, _ in pairs}) == 1:
        hint = f"{' or '.join(f'“{label(field)}”' for _, field in pairs)} for it"
    else:
        hint = " or ".join(f"“{label(field)}” for the column {column}" for column, field in pairs)
    return f"{text[: found.start()]}: {f'choose {hint} below' if hint else 'choose the field of a column below'}."


def suggested_encoding(text: str) -> str:
    """The encoding that an error suggests, or an empty text."""
    found = _ENCODING.search(text)
    return found[1] if found else ""
