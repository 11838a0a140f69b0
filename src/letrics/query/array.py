"""Parses an array field of a request into a clause, with a cache.

A client that turns pages or adds a filter sends the same values again, so parsed lists are cached. The result depends
only on the values. A cached list returns the identical clause object, by which the engine recognises it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from letrics.fields import Field, fields_of
from letrics.normalize.place import Reading
from letrics.query.clauses import AllOf, AnyOf, Clause, Contains, NoneOf
from letrics.query.request_values import read_terms
from letrics.records import Kind

_SHORT_LIST_VALUES: Final = 20
"""The maximum number of values of a short list."""
_SHORT_LISTS: Final = 2_000
"""The number of short lists in the cache: at most 16 MB of strings, and usually 1 MB."""
_LONG_LISTS: Final = 8
"""The number of longer lists in the cache: 14 MB if each has 10,000 domains."""


class Array(NamedTuple):
    """The clause of an array field, its values as reported in `meta.filters`, and the interpretation of each location
    as (field, value, reading)."""

    clause: Clause
    values: tuple[str, ...]
    readings: tuple[tuple[str, str, Reading], ...]


def _fields(kind: Kind) -> dict[str, tuple[Field, bool]]:
    arrays = [field for field in fields_of(kind) if field.is_array]
    return {f"{'exclude_' * exclude}{field.name}": (field, exclude) for field in arrays for exclude in (False, True)}


_FIELDS: Final = {"contacts": _fields("contacts"), "companies": _fields("companies")}


def read_array(kind: Kind, name: str, value: object) -> Array | None:
    """Parse the value of the field `name`, which may begin with `exclude_`. Returns None if it restricts nothing.

    Raises ValueError with the text that follows the field's name in an error.
    """
    if isinstance(value, list):
        try:
            return (_read_short if len(value) <= _SHORT_LIST_VALUES else _read_long)(kind, name, tuple(value))
        except TypeError:
            pass  # the list contains a list or an object, which `_read` reports
    return _read(kind, name, value)


@lru_cache(_SHORT_LISTS)
def _read_short(kind: Kind, name: str, values: tuple[object, ...]) -> Array | None:
    return _read(kind, name, list(values))


@lru_cache(_LONG_LISTS)
def _read_long(kind: Kind, name: str, values: tuple[object, ...]) -> Array | None:
    return _read(kind, name, list(values))


def _read(kind: Kind, name: str, value: object) -> Array | None:
    field, exclude = _FIELDS[kind][name]
    fact = field.fact(kind)
    assert fact is not None
    terms, readings = read_terms(field, value)
    if not terms:
        return None
    values = tuple([term.value for term in terms])
    clause: Clause
    if field.kind in ("contains", "words"):
        clause = Contains(name, fact, terms, exclude)
    elif field.kind == "all":
        clause = AllOf(name, fact, terms, exclude)
    else:
        clause = NoneOf(name, fact, terms) if exclude else AnyOf(name, fact, terms)
    return Array(clause, values, tuple((name, text, reading) for text, reading in zip(values, readings, strict=False)))
