"""Lists of values as parameters of PostgreSQL, in its binary form.

psycopg writes each value by a call of Python. A batch of an import has hundreds of thousands of them, so integers are
written by numpy, and texts in one loop.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format
from psycopg.types.numeric import Int8Dumper

from letrics.store.postgres.text_parameters import encode_text

Ints = Collection[int] | npt.NDArray[np.int64]

INT8: Final = 20
"""The oid of the type BIGINT."""
TEXT: Final = 25
"""The oid of the type TEXT."""
BYTEA: Final = 17
"""The oid of the type BYTEA."""
_OF_ARRAY: Final = {INT8: 1016, TEXT: 1009, BYTEA: 1001}
"""The oids of the types of arrays, by that of their elements."""
_HEADER: Final = struct.Struct("!iiIii")
"""Number of dimensions, whether there are NULLs, oid of the elements, their number, number of the first one."""
_LENGTH: Final = struct.Struct("!i")
"""Bytes of the element that follows."""
_NULL: Final = _LENGTH.pack(-1)
"""An element that is NULL."""
_INT8_ELEMENT: Final = np.dtype([("length", ">i4"), ("value", ">i8")])
"""An element that is a BIGINT, with its length."""


class ArrayParameter:
    """An array in binary form. `oid` is that of its elements."""

    __slots__ = ("data", "oid")

    def __init__(self, oid: int, data: bytes) -> None:
        self.oid = oid
        self.data = data


def int_array(values: Ints) -> ArrayParameter:
    """An array of BIGINT. None of the values is None."""
    numbers = np.fromiter(values, np.int64, len(values)) if not isinstance(values, np.ndarray) else values
    body = np.empty(len(numbers), _INT8_ELEMENT)
    body["length"] = 8
    body["value"] = numbers
    return ArrayParameter(INT8, _HEADER.pack(1, 0, INT8, len(numbers), 1) + body.tobytes())


def array_of(oid: int, values: Sequence[Any]) -> ArrayParameter:
    """An array of BIGINT, TEXT or BYTEA, with NULL for None."""
    nulls = None in values
    if oid == INT8 and not nulls:
        return int_array(values)
    parts: list[bytes] = [_HEADER.pack(1, nulls, oid, len(values), 1)]
    for value in _encoded(oid, values):
        if value is None:
            parts.append(_NULL)
        else:
            parts.append(_LENGTH.pack(len(value)))
            parts.append(value)
    return ArrayParameter(oid, b"".join(parts))


def _encoded(oid: int, values: Sequence[Any]) -> Iterable[bytes | None]:
    if oid == BYTEA:
        return values
    if oid == TEXT:
        return (None if value is None else encode_text(value) for value in values)
    return (None if value is None else int(value).to_bytes(8, "big", signed=True) for value in values)


class ArrayDumper(Dumper):
    """Sends an ArrayParameter."""

    format = Format.BINARY

    def get_key(self, obj: ArrayParameter, format: Any) -> Any:  # noqa: ARG002
        return (self.cls, obj.oid)

    def upgrade(self, obj: ArrayParameter, format: Any) -> ArrayDumper:  # noqa: ARG002
        made = ArrayDumper(self.cls)
        made.oid = _OF_ARRAY[obj.oid]
        return made

    def dump(self, obj: ArrayParameter) -> Buffer:
        return obj.data


class NumpyInt8Dumper(Int8Dumper):
    """Sends an integer of numpy as BIGINT."""

    def dump(self, obj: Any) -> Buffer | None:
        return super().dump(int(obj))


def register(context: AdaptContext) -> None:
    """Make a connection send arrays, and all integers as BIGINT whatever their size: a statement has one plan."""
    context.adapters.register_dumper(ArrayParameter, ArrayDumper)
    context.adapters.register_dumper(int, Int8Dumper)
    context.adapters.register_dumper(np.int64, NumpyInt8Dumper)
