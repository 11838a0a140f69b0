"""Phone numbers as written, without what a spreadsheet added."""

from __future__ import annotations

import re
from typing import Final

_SHORTENED: Final = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,2}")
"""Matches a number in scientific notation, of which a spreadsheet lost digits."""
_MARKED: Final = re.compile(
    r"(?P<quote>['\u2019\"])(?=[+(0-9])(?P<quoted>[^'\u2019\"]+)(?P=quote)?|(?P<whole>[0-9]{6,})\.0"
)
"""Matches a number after the apostrophe that marks text, or with the decimal that a column of numbers has."""


def phone_number(text: str) -> str:
    """Return a phone number without the apostrophe before it (`'+1 555-0100`) and the decimal after it.

    Other text stays, such as several numbers or an extension. Raises ValueError for scientific notation (`4.93E+11`).
    """
    if _SHORTENED.fullmatch(text):
        raise ValueError("is a number that a spreadsheet shortened: format the column as text before exporting it")
    found = _MARKED.fullmatch(text)
    return (found["quoted"] or found["whole"]).strip() if found else text
