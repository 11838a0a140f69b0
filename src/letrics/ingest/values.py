"""Parsing of row values, with one function per type: takes any value of a row and returns the patch's normalised value.

Each function raises ValueError with a text that continues a sentence after the value ("is not an email address: it has
no @").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from letrics.export.cells import split
from letrics.identity.company_keys import is_company_id
from letrics.ingest.partial import Partial
from letrics.normalize import year
from letrics.normalize.dates import DateOrder, read_date
from letrics.normalize.decoded_text import cell_text
from letrics.normalize.empty_cells import EMPTY_CELLS, EMPTY_COUNTRY_CODES, is_empty_cell
from letrics.normalize.headcount import MAX_HEADCOUNT, read_headcount
from letrics.normalize.item_list import split_items
from letrics.normalize.phone import phone_number
from letrics.normalize.place import complete_place, split_places
from letrics.normalize.text import clean
from letrics.normalize.truth import read_truth
from letrics.query.request_values import shown
from letrics.records import DERIVABLE, Place

MAX_TEXT: Final = 10_000
"""The maximum length of a searchable text (a name, a title, a list item), in characters."""
MAX_LONG_TEXT: Final = 100_000
"""The maximum length of a description, in characters."""
MAX_PLACE: Final = 500
"""The maximum length of a location or of one of its parts, in characters."""
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
    return _text(value, MAX_TEXT)


_LINK: Final = re.compile(r"\s\(https?://[^\s()]+\)")
"""Matches the link that Notion adds to the name of a related page: ` (https://www.notion.so/…)`."""


def read_company_name(value: Any) -> str | None:
    """Parse the name of a company, without the link that some exports add to it."""
    text = _text(value, MAX_TEXT)
    return _LINK.sub("", text) if text is not None and "(http" in text else text


def read_long_text(value: Any) -> str | None:
    """Parse a text of at most MAX_LONG_TEXT characters."""
    return _text(value, MAX_LONG_TEXT)


def read_part(value: Any) -> str | None:
    """Parse a part of a location, of at most MAX_PLACE characters."""
    return _text(value, MAX_PLACE)


_VEHICLE_CODES: Final = {"A": "AT", "B": "BE", "D": "DE", "E": "ES", "F": "FR", "I": "IT"}
"""Country codes of vehicles that differ from those of ISO 3166-1 and mean a country in a column of countries."""


def read_country_part(value: Any) -> str | None:
    """Parse the country of a location, of at most MAX_PLACE characters. `D` is Germany."""
    text = read_part(value)
    return text if text is None else _VEHICLE_CODES.get(text.upper(), text)


def _text(value: Any, most: int) -> str | None:
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
    text = _text(value, MAX_TEXT)
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
    _check_items(value)
    texts = [_text(_item(item), MAX_TEXT) for item in value]
    return tuple(dict.fromkeys([text for text in texts if text]))


def _item(value: Any, empty: frozenset[str] = EMPTY_CELLS) -> Any:
    """Prepare an item of a list or a part of an object as a cell is prepared. An empty one becomes None."""
    if type(value) is not str:
        return value
    text = cell_text(value)
    return None if is_empty_cell(text, empty) else text


def _check_items(items: Sequence[Any]) -> None:
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
    _check_items(value)
    items = [item for item in value if _item(item) not in (None, "")]
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


def read_places(value: Any) -> tuple[Place, ...]:
    """Parse a list of locations, each a string or an object. Completes missing parts from the gazetteer.

    A string can have several locations (`Berlin, Germany; Paris, France`).
    """
    if type(value) is str:
        if value[:1] not in ("[", "{"):
            return _places(value)
        value = split(value)
    if value is None:
        return ()
    if type(value) is not list:
        value = (value,)
    elif len(value) == 1 and type(value[0]) is str:
        return _places(cell_text(value[0]))
    _check_items(value)
    places: list[Place] = []
    for item in value:
        if type(item) is str:
            places += _places(cell_text(item))
        elif item is not None:
            places += _place(item)
    return tuple(dict.fromkeys(places))


_PARTS: Final = ("city", "region", "country", "text", "country_code", "continent")
"""The fields of a location object, in the order of the arguments of `place_of`."""


_EMPTY_PARTS: Final = {"country_code": EMPTY_COUNTRY_CODES}
"""The texts that mean an empty part, for parts where they differ."""


def _place(item: Any) -> tuple[Place, ...]:
    if type(item) is not dict:
        raise ValueError(
            "must be a location: a string such as Berlin, Germany, or an object with city, region, country"
        )
    parts = [_text(_item(item.get(part), _EMPTY_PARTS.get(part, EMPTY_CELLS)), MAX_PLACE) for part in _PARTS]
    return (place_of(*parts),) if any(parts) else ()


def _places(text: str) -> tuple[Place, ...]:
    """Parse the locations of a text. Cached, because many companies share few locations."""
    return _cached_places(text) if len(text) <= MAX_PLACE else _places_of(text)


def _places_of(text: str) -> tuple[Place, ...]:
    items = split_places(text)
    _check_items(items)
    texts = dict.fromkeys([None if is_empty_cell(item, EMPTY_CELLS) else read_part(item) for item in items])
    return tuple([complete_place(None, None, None, one) for one in texts if one])


_cached_places: Final = lru_cache(maxsize=50_000)(_places_of)


@lru_cache(maxsize=100_000)
def place_of(
    city: str | None = None, region: str | None = None, country: str | None = None, text: str | None = None,
    country_code: str | None = None, continent: str | None = None,
) -> Place:  # fmt: skip
    """Cached `complete_place`, because many companies share few locations."""
    return complete_place(city, region, country, text, country_code, continent)


def read_time(value: Any, order: DateOrder | None = None) -> str | None:
    """Parse a date or timestamp into the stored format. A date means the first millisecond of its UTC day.

    `order` is the order of day and month in the column. A number counts days, as in Excel.
    """
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
        return read_date(value, order) if value and not value.isspace() else None
    if value is None:
        return None
    if (type(value) is int or type(value) is float) and 20_000 <= value < 80_000:
        return read_date(str(value))
    raise ValueError("must be a timestamp string such as 2026-01-31T09:30:00Z")


def read_flag(value: Any) -> bool | None:
    """Parse a Boolean, also from a text or the numbers 1 and 0."""
    if value is None or type(value) is bool:
        return value
    if type(value) is str:
        return read_truth(value) if value and not value.isspace() else None
    if value == 1 or value == 0:
        return bool(value)
    raise ValueError("must be true or false")


def read_count(value: Any) -> int | None:
    """Parse a number of people, such as `1200` or `1,200`. Rejects ranges such as 11-50."""
    if type(value) is str:
        if not value or value.isspace():
            return None
        low, high = read_headcount(value)
        if low != high:
            raise ValueError(_NO_COUNT)
        return low
    value = _whole(value)
    if value is not None and (type(value) is not int or not 0 <= value <= MAX_HEADCOUNT):
        raise ValueError(_NO_COUNT)
    return value


_NO_COUNT: Final = f"must be a whole number from 0 to {MAX_HEADCOUNT:,}"


def read_year(value: Any) -> int | None:
    """Parse a year, also from a date."""
    if type(value) is str:
        return year.read_year(value) if value and not value.isspace() else None
    value = _whole(value)
    return value if value is None else year.check_year(value if type(value) is int else 0)


def _whole(value: Any) -> Any:
    """Convert a float without decimals to an integer. Returns other values unchanged."""
    return int(value) if type(value) is float and value.is_integer() else value
