"""Time: conversion between ISO 8601 / RFC 3339 timestamps and milliseconds since 1970-01-01T00:00Z.

A timestamp without an offset is in UTC. A date alone means that whole UTC day. Fractions are truncated to milliseconds
(towards the past). The formats are those of RFC 3339 section 5.6 and ISO 8601's basic format without separators.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, Literal

DAY_MS: Final = 86_400_000
"""The length of a day, in milliseconds."""
MAX_TIME: Final = 70
"""The maximum length of a timestamp, in characters, enough for a fraction of 30 digits."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_BARE_EPOCH: Final = datetime(1970, 1, 1)
_MIN: Final = -62_135_596_800_000
"""The first millisecond of the year 1, in milliseconds since 1970."""
_MAX: Final = 253_402_300_799_999
"""The last millisecond of the year 9999, in milliseconds since 1970."""
_FORM: Final = re.compile(
    r"(?P<y>[0-9]{4})(?P<dash>-?)(?P<m>[0-9]{2})(?P=dash)(?P<d>[0-9]{2})"
    r"(?:[Tt ](?P<H>[0-9]{2})(?P<colon>:?)(?P<M>[0-9]{2})(?:(?P=colon)(?P<S>[0-9]{2})(?:[.,](?P<f>[0-9]{1,30}))?)?"
    r"(?P<z>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
"""Matches a date, optionally with a time, a fraction and an offset."""


def parse_time(text: str, edge: Literal["first", "last"] = "first") -> int:
    """Parse a timestamp into milliseconds since 1970; for a date alone, the day's first or last millisecond.

    Raises ValueError, with a text for the user, if the text is not a timestamp in the years 1 to 9999.
    """
    text = text.strip()
    match = _FORM.fullmatch(text) if len(text) <= MAX_TIME else None
    if match is None:
        raise ValueError("is not a timestamp: use one such as 2026-01-31T09:30:00Z or a date such as 2026-01-31")
    second = int(match["S"] or 0)
    leap = second == 60  # RFC 3339 allows leap seconds: interpreted as the last millisecond before
    try:
        moment = datetime(
            int(match["y"]),
            int(match["m"]),
            int(match["d"]),
            int(match["H"] or 0),
            int(match["M"] or 0),
            59 if leap else second,
            tzinfo=_offset(match["z"]),
        )
        value = (moment - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        raise ValueError("names a day, time or offset that does not exist") from None
    value += 999 if leap else int((match["f"] or "0")[:3].ljust(3, "0"))
    if match["H"] is None and edge == "last":
        value += DAY_MS - 1
    if not _MIN <= value <= _MAX:
        raise ValueError("is outside the years 1 to 9999")
    return value


def _offset(text: str | None) -> timezone:
    if text is None or text in "Zz":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 23 or minutes > 59:
        raise ValueError("no such offset")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def format_time(milliseconds: int) -> str:
    """Return the stored format, `2026-01-31T09:30:00.000Z`. Raises OverflowError outside the years 1 to 9999."""
    return (_BARE_EPOCH + timedelta(milliseconds=milliseconds)).isoformat(timespec="milliseconds") + "Z"


def is_written_form(text: str) -> bool:
    """Return whether `text` is a timestamp in the stored format of `format_time`."""
    try:
        return format_time(parse_time(text)) == text
    except ValueError:
        return False


def now() -> str:
    """Return the current time in the stored format."""
    return format_time((datetime.now(UTC) - _EPOCH) // timedelta(milliseconds=1))
