"""The values of the columns of a file in its first rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from letrics.ingest.rows import Members

_SAMPLE_ROWS: Final = 200
"""The number of rows whose values are looked at."""
_MAX_NUMBER: Final = 10**20
"""The magnitude up to which numbers are looked at."""


class ColumnValues(msgspec.Struct):
    """The texts of a column, whether it has objects, and how many of its values are numbers in JSON."""

    texts: list[str]
    objects: bool = False
    numbers: int = 0

    def are_numbers(self) -> bool:
        """Return whether all values are numbers in JSON."""
        return bool(self.texts) and self.numbers == len(self.texts)


def values_of_columns(names: Sequence[str], rows: Iterable[Members]) -> dict[str, ColumnValues]:
    """Return the values of the columns `names` in the first rows."""
    values = {name: ColumnValues([]) for name in names}
    for _, members in zip(range(_SAMPLE_ROWS), rows, strict=False):
        for name, value in members.items():
            column = values.get(name)
            if column is not None:
                column.objects |= type(value) is dict
                column.texts += _texts(value)
                column.numbers += type(value) is int
    return values


def _texts(value: Any) -> list[str]:
    """The texts of a value, also of the items of a list. Python writes no numbers of thousands of digits."""
    items = value if type(value) is list else [value]
    known = [item for item in items if type(item) is str or (type(item) in (int, float) and abs(item) < _MAX_NUMBER)]
    return [text for item in known if (text := str(item).strip())]
