"""Parsing of texts and lists of texts in rows: takes any value of a row and returns the patch's normalised value.

Each function raises ValueError with a text that continues a sentence after the value ("is not an email address: it has
no @").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from letrics.export.cells import split
from letrics.identity.company_keys import is_company_id
from letrics.ingest.partial import Partial
from letrics.normalize.decoded_text import cell_text
from letrics.normalize.empty_cells import EMPTY_CELLS, is_empty_cell
from letrics.normalize.item_list import split_items
from letrics.normalize.phone import phone_number
from letrics.normalize.text import clean
from letrics.query.request_values import shown
from letrics.records import DERIVABLE

MAX_TEXT: Final = 10_000
"""The maximum length of a searchable text (a name, a title, a list item), in characters."""
MAX_LONG_TEXT: Final = 100_000
"""The maximum length of a description, in characters."""
MAX_ITEMS: Final = 1_000
"""The maximum number of items of a list."""
_BETWEEN_PHONES: Final = re.compile(r"(?:(?<!\s)\s++)?(?::::|[;,|\n])\s*|(?<!\s)\s++/\s+")
"""Matches what separates several phone numbers in one cell. Google Contacts writes ` ::: `."""
_MIN_DIGITS: Final = 7
"""The minimum number of digits of each of several phone numbers."""
_MAX_NUMBER: Final = 10**100
"""Integers of a smaller magnitude are accepted as text and become their decimal digits."""

MAX_ID: Final = 200
"""The maximum length of a contact's id in a file, in characters."""

Reader = Callable[[Any], Any]


def read_text(value: Any) -> str | None:
    """Parse a text of at most MAX_TEXT characters."""
    return text_value(value, MAX_TEXT)


_LINK: Final = re.compile(r"\s\(https?://[^\s()]+\)")
"""Matches the link that Notion adds to the name of a related page: ` (https://www.notion.so/…)`."""


def read_company_name(value: Any) -> str | None:
    """Parse the name of a company, without the link that some exports add to it."""
    text = text_value(value, MAX_TEXT)
    return _LINK.sub("", text) if text is not None and "(http" in text else text


def read_long_text(value: Any) -> str | None:
    """Parse a text of at most MAX_LONG_TEXT characters."""
    return text_value(value, MAX_LONG_TEXT)


def text_value(value: Any, most: int) -> str | None:
    """Parse a text of at most `most` characters."""
    if type(value) is str:
        # The common case of `clean`, without the call.
        text = value.strip() or None if value.isprintable() else clean(value)
        if text is not None and len(text) > most:
            raise ValueError(f"is longer than {most:,} characters, the maximum for this field")
        return text
    if value is None:
        return None
    if type(value) is int:
        if -_MAX_NUMBER < value < _MAX_NUMBER:
            return str(value)
        raise ValueError("is a number with too many digits")
    raise ValueError("must be a string")


def read_id(value: Any) -> str | None:
    """Parse the id of a contact, of at most MAX_ID characters."""
    text = text_value(value, MAX_TEXT)
    if text is not None and len(text) > MAX_ID:
        raise ValueError(f"is longer than {MAX_ID} characters")
    return text


def is_own_company_id(text: str) -> bool:
    """Return whether a text has the form of the id of a company here: of a domain, or of the id of one without."""
    return "." in text or is_company_id(text)


def read_company_id(value: Any) -> str | None:
    """Parse the id of a company: its domain, or an id of a company without one. Other systems' ids are not used."""
    text = read_id(value)
    if text is not None and not is_own_company_id(text):
        raise ValueError("is not an id that exports have: a company’s id is its domain, or one such as co_0123456789ab")
    return text


def read_texts(value: Any, commas: bool = False, separator: str | None = None) -> tuple[str, ...]:
    """Parse a list of texts: a list, a JSON array in a text, or a text to split. Removes duplicates."""
    if value is None:
        return ()
    if type(value) is str:
        value = split(value) if value[:1] in ("[", "{") else split_items(value, commas, separator)
    elif type(value) is not list:
        raise ValueError("must be a list of strings")
    check_items(value)
    texts = [text_value(clean_item(item), MAX_TEXT) for item in value]
    return tuple(dict.fromkeys([text for text in texts if text]))


def clean_item(value: Any, empty: frozenset[str] = EMPTY_CELLS) -> Any:
    """Prepare an item of a list or a part of an object as a cell is prepared. An empty one becomes None."""
    if type(value) is not str:
        return value
    text = cell_text(value)
    return None if is_empty_cell(text, empty) else text


def check_items(items: Sequence[Any]) -> None:
    """Check that a list is not too long. Raises ValueError."""
    if len(items) > MAX_ITEMS:
        raise ValueError(f"has {len(items):,} items; the maximum is {MAX_ITEMS:,}")


def read_department(value: Any, commas: bool = False, separator: str | None = None) -> str | Partial | None:
    """Parse the department of a contact; the first of several."""
    texts = (read_text(value),) if type(value) is int else read_texts(value, commas, separator)
    if len(texts) < 2:
        return texts[0] if texts else None
    return Partial(texts[0], tuple(f"{shown(text)} is left out: a contact has one department" for text in texts[1:]))


def first_of(read: Reader, value: Any) -> Any:
    """Parse the first of the values in a list with `read`. A value that is no list is parsed as it is."""
    if type(value) is not list:
        return read(value)
    check_items(value)
    items = [item for item in value if clean_item(item) not in (None, "")]
    if not items:
        return None
    first = read(items[0])
    reasons = first.reasons if type(first) is Partial else ()
    left_out = tuple(f"{shown(item)} is left out: the field has one value" for item in items[1:] if item != items[0])
    value = first.value if type(first) is Partial else first
    return Partial(value, (*reasons, *left_out)) if reasons or left_out else value


def read_seniority(value: Any) -> str | Partial | None:
    """Parse the seniority of a contact; the first of a list."""
    found: str | Partial | None = first_of(read_text, value)
    return found


def read_phone(value: Any) -> str | Partial | None:
    """Parse a phone number, which stays as written except for what a spreadsheet added; the first of several."""
    found: str | Partial | None = first_of(_read_phone, value)
    return found


def _read_phone(value: Any) -> str | Partial | None:
    text = read_text(value)
    if text is None:
        return None
    parts = [part for piece in _BETWEEN_PHONES.split(text) if (part := piece.strip())]
    is_list = len(parts) > 1 and (":::" in text or all(sum(map(str.isdigit, part)) >= _MIN_DIGITS for part in parts))
    if not is_list:
        return phone_number(text)
    first, *others = dict.fromkeys(parts)
    number = phone_number(first)
    left_out = tuple(f"{shown(one)} is left out: a contact has one phone" for one in others)
    return Partial(number, left_out) if left_out else number


def read_derived(value: Any) -> tuple[str, ...]:
    """Parse the names of derived fields. Returns them in the order of the record."""
    given = read_texts(value)
    if not set(given) <= set(DERIVABLE):
        raise ValueError(f"must be a list of names out of {', '.join(DERIVABLE)}")
    return tuple(name for name in DERIVABLE if name in given)
