"""Dates as spreadsheets and exports write them: `1/31/2026 9:14 PM`, `31.01.2026`, `5 Jan 2026`, `2026/01/05`, 46027.

The order of day and month in `1/5/2026` depends on the column, which the caller passes. Without an offset, times are in
UTC. For ISO 8601 and RFC 3339, see `letrics.normalize.time`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal, NamedTuple, get_args

from letrics.normalize.month_names import month_number
from letrics.normalize.time import format_time, parse_time

DateOrder = Literal["dmy", "mdy", "ymd"]
"""The order of day, month and year in numeric dates."""
DATE_ORDERS: Final[tuple[DateOrder, ...]] = get_args(DateOrder)

MAX_DATE: Final = 80
"""The maximum length of a date, in characters."""
_ZERO: Final = re.compile(r"0{1,4}([-/.])0{1,2}\1(?:0000|00?)(?:[T ][0:.]+Z?)?")
"""Matches the date with which MySQL means no date: `0000-00-00`."""
_SERIAL: Final = re.compile(r"[2-7][0-9]{4}(?:[.,][0-9]{1,20})?")
"""Matches the number of a day as Excel counts, with the time as a fraction: 20000 is in 1954, 79999 in 2119."""
_DAY_ZERO: Final = datetime(1899, 12, 30, tzinfo=UTC)
"""The day that Excel counts from."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TIME_OF_DAY: Final = re.compile(
    r"(?:[T,\s]|\bat\b|\bum\b|à)++(?P<H>[0-9]{1,2})"
    r"(?:[:.h](?P<M>[0-9]{2})(?:[:.](?P<S>[0-9]{2})(?:[.,](?P<f>[0-9]{1,30}))?)?)?\s*+(?P<half>[ap]\.?\s?m\.?)?(?:\s*uhr)?\s*+(?P<z>z|utc|gmt)?\s*+(?P<offset>[+-][0-9]{2}:?[0-9]{2})?\s*+(?:\([^()]*\))?",
    re.IGNORECASE,
)
"""Matches a time of day after a date. At least minutes, a half of the day or a zone follow the hour."""
_ZONE: Final = re.compile(r"\s*(?:z|utc|gmt|[+-]00:?00)", re.IGNORECASE)
"""Matches the zone UTC."""
_NUMERIC: Final = re.compile(
    r"([0-9]{1,4})\s?([-/.\u2010-\u2015\u5e74])\s?([0-9]{1,2})\s?[-/.\u2010-\u2015\u6708]\s?([0-9]{1,4})\u65e5?"
)
"""Matches a date of three numbers, also with the signs for year, month and day in Chinese and Japanese."""
_TOKEN: Final = re.compile(r"[0-9]+|[^\W\d_]+")
"""Matches a number or a word."""
_LONG_WORDS: Final = re.compile(r"[0-9A-Za-z\u00c0-\u017f\s,./'-]{5,60}")
"""Matches the characters of a date with the name of a month."""
_FILLERS: Final = frozenset(("st", "nd", "rd", "th", "de", "del", "of", "le", "den", "am", "er"))
"""Words that may occur in a date besides the name of the month."""
_WEEKDAYS: Final = frozenset(
    [
        "mon",
        "monday",
        "tue",
        "tues",
        "tuesday",
        "wed",
        "wednesday",
        "thu",
        "thur",
        "thurs",
        "thursday",
        "fri",
        "friday",
        "sat",
        "saturday",
        "sun",
        "sunday",
        "mo",
        "montag",
        "di",
        "dienstag",
        "mi",
        "mittwoch",
        "do",
        "donnerstag",
        "fr",
        "freitag",
        "sa",
        "samstag",
        "so",
        "sonntag",
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "lun",
        "mar",
        "mer",
        "jeu",
        "ven",
        "sam",
        "dim",
        "lunes",
        "martes",
        "miércoles",
        "jueves",
        "viernes",
        "sábado",
        "domingo",
        "mié",
        "jue",
        "vie",
        "sáb",
        "dom",
        "lunedì",
        "martedì",
        "mercoledì",
        "giovedì",
        "venerdì",
        "sabato",
        "domenica",
        "gio",
        "segunda",
        "terça",
        "quarta",
        "quinta",
        "sexta",
        "feira",
        "maandag",
        "dinsdag",
        "woensdag",
        "donderdag",
        "vrijdag",
        "zaterdag",
        "zondag",
    ]
)
"""Names of days of the week, which are ignored."""
_ADVICE: Final = "is not a date: use one such as 2026-01-31 or 2026-01-31T09:30:00Z"


class AmbiguousDate(ValueError):
    """The order of day and month in a date is not known."""


class _Numbers(NamedTuple):
    """The three numbers of a date as written, the text between them, and the text after the date."""

    first: str
    mark: str
    second: str
    third: str
    rest: str


def read_date(text: str, order: DateOrder | None = None) -> str | None:
    """Return the stored format of a date or time; None for `0000-00-00`. A date is the first millisecond of its day.

    Raises AmbiguousDate if `order` is needed, and ValueError if the text is not a date.
    """
    if len(text) > MAX_DATE:
        raise ValueError(_ADVICE)
    return _read(text.strip(), order)


def order_of(text: str) -> DateOrder | None:
    """Return the order of day and month that a date shows, because only one is possible; None if it shows none."""
    numbers = _numbers(text.strip()) if len(text) <= MAX_DATE else None
    if numbers is None or len(numbers.first) > 2:
        return None
    possible = [order for order in _possible_orders(numbers) if _date(numbers, order) is not None]
    return possible[0] if len(possible) == 1 else None


@lru_cache(maxsize=20_000)
def _read(text: str, order: DateOrder | None) -> str | None:
    text = text.strip("'\"")
    if _ZERO.fullmatch(text):
        return None
    if _SERIAL.fullmatch(text):
        milliseconds = round(float(text.replace(",", ".")) * 86_400_000)
        return format_time((_DAY_ZERO - _EPOCH) // timedelta(milliseconds=1) + milliseconds)
    try:
        return format_time(parse_time(text))
    except ValueError as error:
        if "does not exist" in str(error) or "outside" in str(error):
            raise
    numbers = _numbers(text)
    if numbers is not None:
        return _read_numeric(numbers, order)
    return _read_long(text)


def _numbers(text: str) -> _Numbers | None:
    match = _NUMERIC.match(text)
    if match is None or (match.end() < len(text) and text[match.end()].isdigit()):
        return None
    return _Numbers(match[1], match[2], match[3], match[4], text[match.end() :])


def _possible_orders(numbers: _Numbers) -> tuple[DateOrder, ...]:
    """The orders of a date, which may still name days that do not exist. With dots, the day is always first."""
    if len(numbers.first) > 2 or numbers.mark == "\u5e74":
        return ("ymd",)
    orders: tuple[DateOrder, ...] = ("dmy",) if numbers.mark == "." else ("dmy", "mdy")
    if len(numbers.third) == 2 and all(_date(numbers, order) is None for order in orders):
        return ("ymd",)
    return orders


def _read_numeric(numbers: _Numbers, order: DateOrder | None) -> str:
    orders = _possible_orders(numbers)
    if order is not None and (order in orders or (order == "ymd" and len(numbers.third) == 2)):
        orders = (order,)
    dates = {order: found for order in orders if (found := _date(numbers, order)) is not None}
    if not dates:
        raise ValueError("names a day, time or offset that does not exist")
    if len(set(dates.values())) > 1:
        raise AmbiguousDate(f"may be {_either(dates)}: pass --date-order {' or '.join(dates)}")
    return _at(next(iter(dates.values())), numbers.rest)


def _either(dates: dict[DateOrder, datetime]) -> str:
    unique = dict.fromkeys(f"{date:%Y-%m-%d}" for date in dates.values())
    return " or ".join(unique)


def _date(numbers: _Numbers, order: DateOrder) -> datetime | None:
    """The date in one order; None if it does not exist."""
    first, second, third = numbers.first, numbers.second, numbers.third
    if order == "ymd":
        year, month, day = first, second, third
    else:
        year, month, day = (third, second, first) if order == "dmy" else (third, first, second)
    return _day(year, int(month), int(day)) if len(month) <= 2 and len(day) <= 2 else None


def _day(year: str, month: int, day: int) -> datetime | None:
    if len(year) not in (2, 4):
        return None
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 70 else 1900
    try:
        return datetime(number, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _read_long(text: str) -> str:
    """Read a date with the name of a month: `January 5th, 2026`, `5. Januar 2026`, `5-Jan-26`, `Jan 2026`."""
    numbers, month, end, month_first = list[str](), None, 0, False
    for token in _TOKEN.finditer(text):
        word = token[0].casefold()
        if word.isdecimal() and word.isascii():
            if len(numbers) == 2 or len(word) > 4 or (month_first and len(numbers) == 1 and _is_year(numbers[0])):
                break
            numbers.append(word)
        elif month is None and (found := month_number(word)) and (word != "mar" or _is_march(text, token.end())):
            month, month_first = found, not numbers
        elif word not in _FILLERS and word not in _WEEKDAYS:
            break
        end = token.end()
    if month is None or not numbers or not _LONG_WORDS.fullmatch(text[:end]):
        raise ValueError(_ADVICE)
    if len(numbers) == 1:
        numbers = ["1", *numbers] if _is_year(numbers[0]) else []
    elif _is_year(numbers[0]):
        numbers.reverse()
    date = _day(numbers[1], month, int(numbers[0])) if numbers else None
    if date is None:
        raise ValueError(_ADVICE)
    return _at(date, text[end:].removeprefix(".").lstrip(".,"))


def _is_year(number: str) -> bool:
    return len(number) == 4


def _is_march(text: str, start: int) -> bool:
    """Return whether `mar` before `start` is March, not mardi: no other month follows."""
    return not any(month_number(token[0]) for token in _TOKEN.finditer(text, start))


def _at(date: datetime, rest: str) -> str:
    """Add the time of day in `rest` to a date. Raises ValueError."""
    rest = rest.strip() and " " + rest.strip()
    if not rest or _ZONE.fullmatch(rest):
        return _stored(date)
    match = _TIME_OF_DAY.fullmatch(rest)
    if match is None or not (match["M"] or match["half"] or "h" in rest.lower()):
        raise ValueError(_ADVICE)
    hour = int(match["H"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("names a day, time or offset that does not exist")
        hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
    offset = match["offset"] or "+0000"
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    try:
        moment = date.replace(hour=hour, minute=int(match["M"] or 0), second=min(59, int(match["S"] or 0)))
        moment -= timedelta(minutes=-minutes if offset[0] == "-" else minutes)
    except (ValueError, OverflowError):
        raise ValueError("names a day, time or offset that does not exist") from None
    return _stored(moment, int((match["f"] or "0")[:3].ljust(3, "0")))


def _stored(moment: datetime, milliseconds: int = 0) -> str:
    return format_time((moment - _EPOCH) // timedelta(milliseconds=1) + milliseconds)
