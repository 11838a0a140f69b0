"""Values of rows, one function a type: whatever a row holds in, the normalised value of a patch out.

Each raises ValueError with words that follow the value ("is not an email address: it has no @"). `cells` is true for
formats whose cells are all texts (CSV), where a list is written in one cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from letrics.export.cells import split
from letrics.normalize.domain import is_registrable
from letrics.normalize.email import email_key, email_type, read_email
from letrics.normalize.place import complete_place
from letrics.normalize.text import clean
from letrics.normalize.time import format_time, parse_time
from letrics.records import Email, Place

MAX_EMPLOYEES: Final = 1_000_000_000
MAX_TEXT: Final = 10_000
"""The most characters of a text that records are found by: a name, a title, an item of a list."""
MAX_LONG_TEXT: Final = 100_000
"""The most characters of a description."""
MAX_PLACE: Final = 500
"""The most characters of a place, or of one of its parts."""
MAX_ITEMS: Final = 1_000
"""The most items of a list."""
_MAX_NUMBER: Final = 10**100
"""Numbers below this are read as the text of their digits."""

Reader = Callable[[Any], Any]


def read_text(value: Any) -> str | None:
    """A text of at most MAX_TEXT characters."""
    return _text(value, MAX_TEXT)


def read_long_text(value: Any) -> str | None:
    """A text of at most MAX_LONG_TEXT characters."""
    return _text(value, MAX_LONG_TEXT)


def read_part(value: Any) -> str | None:
    """A part of a place, of at most MAX_PLACE characters."""
    return _text(value, MAX_PLACE)


def _text(value: Any, most: int) -> str | None:
    if type(value) is str:
        # What `clean` does with nearly every text, without the call.
        text = value.strip() or None if value.isprintable() else clean(value)
        if text is not None and len(text) > most:
            raise ValueError(f"is longer than the {most:,} characters it may have")
        return text
    if value is None:
        return None
    if type(value) is int:
        if -_MAX_NUMBER < value < _MAX_NUMBER:
            return str(value)
        raise ValueError("is a number of too many digits")
    raise ValueError("must be a text")


def read_texts(value: Any) -> tuple[str, ...]:
    """A list of texts, each once."""
    if value is None:
        return ()
    if type(value) is str:
        value = (value,)
    elif type(value) is not list:
        raise ValueError("must be a list of texts")
    _check_items(value)
    texts = [read_text(item) for item in value]
    return tuple(dict.fromkeys([text for text in texts if text]))


def _check_items(items: Sequence[Any]) -> None:
    if len(items) > MAX_ITEMS:
        raise ValueError(f"has {len(items):,} items; at most {MAX_ITEMS:,} are read")


def read_emails(value: Any) -> tuple[Email, ...]:
    """A list of addresses, each a text or `{value, type}`, each address once. A given type wins."""
    if value is None:
        return ()
    if type(value) is not list:
        value = (value,)
    if len(value) == 1:
        email = _email(value[0])
        return () if email is None else (email,)
    _check_items(value)
    emails: dict[str, Email] = {}
    for item in value:
        email = _email(item)
        if email is not None:
            emails.setdefault(email_key(email.value), email)
    return tuple(emails.values())


def _email(item: Any) -> Email | None:
    given: Any = None
    if type(item) is dict:
        given = item.get("type")
        item = item.get("value")
    if item is None:
        return None
    if type(item) is not str:
        raise ValueError("must be an email address, or an object with value and type")
    if not item or item.isspace():
        return None
    local, _, host = item.rpartition("@")
    address = f"{local}@{_host(host)}" if len(item) <= _SHORT and _LOCAL.fullmatch(local) else read_email(item)
    if given is None:
        return Email(address, email_type(address))
    if given == "generic" or given == "personal":
        return Email(address, given)
    raise ValueError("has a type that is neither generic nor personal")


def read_places(value: Any) -> tuple[Place, ...]:
    """A list of places, each a text or an object; what is missing is filled from what is known of the place."""
    if value is None:
        return ()
    if type(value) is not list:
        value = (value,)
    _check_items(value)
    places = [_place(item) for item in value]
    return tuple(dict.fromkeys([place for place in places if place is not None]))


_LOCAL: Final = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*")
_SHORT: Final = 64


def _host(host: str) -> str:
    """What `read_email` makes of a host; reading that is most of the work for a plain address."""
    return host if is_registrable(host) else _read_host(host)


@lru_cache(maxsize=100_000)
def _read_host(host: str) -> str:
    return read_email(f"a@{host}")[2:]


_PARTS: Final = ("city", "region", "country", "text", "country_code", "continent")


def _place(item: Any) -> Place | None:
    if type(item) is dict:
        parts = [read_part(item.get(part)) for part in _PARTS]
    elif type(item) is str:
        parts = [None, None, None, read_part(item), None, None]
    elif item is None:
        return None
    else:
        raise ValueError("must be a place: a text such as Berlin, Germany, or an object with city, region, country")
    return place_of(*parts) if any(parts) else None


@lru_cache(maxsize=100_000)
def place_of(
    city: str | None = None, region: str | None = None, country: str | None = None, text: str | None = None,
    country_code: str | None = None, continent: str | None = None,
) -> Place:  # fmt: skip
    """`complete_place`, remembered: few places serve many companies."""
    return complete_place(city, region, country, text, country_code, continent)


def read_time(value: Any) -> str | None:
    """A timestamp in the one written form; of a date alone, the first millisecond of its UTC day."""
    if type(value) is str:
        if (
            len(value) == 24
            and value[10] == "T"
            and value[19] == "."
            and value[23] == "Z"
            and value[4] == value[7] == "-"
        ):
            try:
                datetime.fromisoformat(value)
            except ValueError:
                pass
            else:
                return value
        text = value.strip()
        return _time(text) if text else None
    if value is None:
        return None
    raise ValueError("must be a timestamp in a text, such as 2026-01-31T09:30:00Z")


@lru_cache(maxsize=10_000)
def _time(text: str) -> str:
    return format_time(parse_time(text))


_TRUTH: Final = {
    "true": True, "yes": True, "1": True, "y": True, "t": True,
    "false": False, "no": False, "0": False, "n": False, "f": False,
}  # fmt: skip


def read_flag(value: Any) -> bool | None:
    if value is None or type(value) is bool:
        return value
    if type(value) is str:
        word = value.strip().lower()
        if not word:
            return None
        if word in _TRUTH:
            return _TRUTH[word]
    elif value == 1 or value == 0:
        return bool(value)
    raise ValueError("must be true or false")


_INTEGER: Final = re.compile(r"[0-9]+(?:\.0+)?|[0-9]{1,3}(?:,[0-9]{3})+")


def read_count(value: Any) -> int | None:
    """A number of people: `1200` and `1,200`. A range such as 11-50 is no number."""
    return _integer(value, 0, MAX_EMPLOYEES)


def read_year(value: Any) -> int | None:
    return _integer(value, 1, 9999)


def _integer(value: Any, least: int, most: int) -> int | None:
    if type(value) is str:
        text = value.strip()
        if not text:
            return None
        if len(text) > 40 or not _INTEGER.fullmatch(text):
            raise ValueError(f"must be a whole number from {least:,} to {most:,}")
        value = int(text.partition(".")[0].replace(",", ""))
    elif type(value) is float and value.is_integer():
        value = int(value)
    elif value is None:
        return None
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"must be a whole number from {least:,} to {most:,}")
    return value


def in_cell(read: Reader) -> Reader:
    """The reader of a list that is written in one cell."""
    return lambda cell: read(split(cell) if type(cell) is str else cell)
