"""Names of columns in CSV files that were made of JSON: `emails/0/value`, `emails.0.value`, `emails[0].value`.

The place in a list is between the names of keys: also in `emails__0__value`, `emails_0_value` and `emails:0:value`.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from letrics.ingest.aliases import MAX_HEADER, header_key

_PLACE: Final = re.compile(r"(?:(?<=[^\W_])|(?<=\]))(?:[./:]|__?|\[)([0-9]{1,3})(?:\]|(?=[./:_])|\Z)")
"""Matches the place in a list, after the name of the list."""
_KEY: Final = re.compile(r"\[([^\W\d_][\w-]*)\]")
"""Matches a key in brackets: `emails[0][value]`."""
_BETWEEN: Final = re.compile(r"[./:]|__|(?<=\.)_")
"""Matches what separates keys."""
_KEYS: Final = re.compile(r"[^\W\d_][\w-]*(?:\.[^\W\d_][\w-]*)*")
"""Matches a dotted name of keys without places and spaces."""
_NUMBERED: Final = re.compile(r"(.*[^0-9])([0-9]{1,2})")
"""Matches the key of a header with a number at its end."""


class FlattenedName(NamedTuple):
    """The dotted name without places in lists, and the name of the first list whose first value is not meant.

    `place` is the place in that list, else 0, and None for a name without places.
    """

    name: str
    later_list: str | None
    place: int | None


class ListItem(NamedTuple):
    """The name of a list, and a place in it. The names of flattened lists are dotted, others end in a space."""

    name: str
    place: int


def list_item(header: str) -> ListItem:
    """Return the list and the place in it that the header of a list of texts means.

    Of flattened JSON, that is the place in the header. `Industry 2` is the second column of the list `Industry`.
    """
    flat = flattened_name(header)
    if flat is not None and flat.place is not None:
        return ListItem(flat.name, flat.place)
    key = header_key(header[:MAX_HEADER])
    name, number = numbered_key(key) or (key, 1)
    return ListItem(f"{name} ", number)


def numbered_key(key: str) -> tuple[str, int] | None:
    """Split the key of a header with a number at its end, as `Phone 2` has; None for any other key."""
    numbered = _NUMBERED.fullmatch(key)
    return None if numbered is None else (numbered[1], int(numbered[2]))


def flattened_name(header: str) -> FlattenedName | None:
    """Return the dotted name that a header of flattened JSON means; None for any other header."""
    header = _KEY.sub(r".\1", header[:MAX_HEADER].strip(" *:"))
    parts = _PLACE.split(header)
    keys = [_BETWEEN.sub(".", part).strip("._") for part in parts[::2]]
    name = ".".join(filter(None, keys))
    if not _KEYS.fullmatch(name) or name == header:
        return None
    places = list(map(int, parts[1::2]))
    later = next((number for number, place in enumerate(places) if place), None)
    if later is None:
        return FlattenedName(name, None, 0 if places else None)
    return FlattenedName(name, ".".join(filter(None, keys[: later + 1])), places[later])
