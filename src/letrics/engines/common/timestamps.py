"""Stored timestamps (`2026-01-31T09:30:00.000Z`) as milliseconds since 1970, by arithmetic on their digits.

numpy can read such texts itself, but its conversion of text to `datetime64` ends the process with a segmentation fault
when one of more than 500 is malformed: it raises the exception without holding the interpreter's lock. Here a malformed
timestamp is a record without one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
"""Times in milliseconds since 1970."""

ABSENT: Final = int(np.iinfo(np.int64).min)
"""Stands for a timestamp that is malformed."""

_FORM: Final = np.frombuffer(b"0000-00-00T00:00:00.000Z", np.uint8).reshape(-1, 1)
"""The form of a stored timestamp, one character a row."""
_WIDTH: Final = len(_FORM)
"""Characters of a stored timestamp."""
_HIGHEST: Final = np.where(ord("0") == _FORM, 9, 0).astype(np.uint8)
"""How far each character may be above that of the form: digits up to 9, the marks between them not at all."""
_NUMBERS: Final = ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19), (20, 23))
"""Where year, month, day, hour, minute, second and millisecond stand."""
_LOWEST: Final = np.array([1, 1, 1, 0, 0, 0, 0])
"""The lowest value of each number."""
_LARGEST: Final = np.array([9999, 12, 31, 23, 59, 59, 999])
"""The largest value of each number."""
_MONTHS: Final = (
    np.arange(-1970 * 12, (10_000 - 1970) * 12 + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
)
"""The day on which each month since January of the year 0 begins, counted from 1970-01-01."""
_DAY: Final = 86_400_000
"""Milliseconds of a day."""
_ROWS: Final = 1024
"""Rows multiplied at a time: a larger product would be shared among threads."""

_Rows = npt.NDArray[np.uint8]


def _weights() -> npt.NDArray[np.float64]:
    """By what the digits of a timestamp are multiplied for its numbers, and in the last row for the milliseconds since
    the beginning of its month. All sums are whole numbers below 2^53, so that floating point is exact."""
    weights = np.zeros((len(_NUMBERS) + 1, _WIDTH))
    for row, (first, end) in enumerate(_NUMBERS):
        weights[row, first:end] = [10**place for place in reversed(range(end - first))]
    weights[-1] = [_DAY, 3_600_000, 60_000, 1000, 1] @ weights[2:-1]
    return weights


_WEIGHTS: Final = _weights()


def read_times(texts: Sequence[str]) -> Ints:
    """Each timestamp in milliseconds since 1970, ABSENT where it is malformed."""
    joined = "".join(texts).encode("utf-8", "surrogatepass")
    if len(joined) == _WIDTH * len(texts):
        rows = np.frombuffer(joined, np.uint8).reshape(-1, _WIDTH)
        parts = [_read(rows[at : at + _ROWS]) for at in range(0, len(rows), _ROWS)]
        whole = [part for part in parts if part is not None]
        if len(whole) == len(parts):
            return whole[0] if len(whole) == 1 else np.concatenate([np.zeros(0, np.int64), *whole])
    return np.array([_read_one(text) for text in texts], np.int64)


def _read_one(text: str) -> int:
    encoded = text.encode("utf-8", "surrogatepass")
    times = _read(np.frombuffer(encoded, np.uint8).reshape(1, -1)) if len(encoded) == _WIDTH else None
    return ABSENT if times is None else int(times[0])


def _read(rows: _Rows) -> Ints | None:
    """The times of rows of 24 characters each; None where one is malformed."""
    above = np.subtract(rows.T, _FORM, order="C")  # a character below that of the form wraps round to a large number
    if not (above <= _HIGHEST).all():
        return None
    numbers = (_WEIGHTS @ above.astype(np.float64)).astype(np.int64)
    fields = numbers[:-1]
    if (fields.min(axis=1) < _LOWEST).any() or (fields.max(axis=1) > _LARGEST).any():
        return None
    month = fields[0] * 12 + (fields[1] - 1)
    begins = _MONTHS[month]
    if not (fields[2] <= _MONTHS[month + 1] - begins).all():
        return None
    times: Ints = (begins - 1) * _DAY + numbers[-1]
    return times
