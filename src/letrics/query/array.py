"""An array field of a request: its values read into a clause.

Whoever turns pages or adds a filter asks again with the same values in the other fields: what was read of lists is
kept. It depends on nothing but the values, and the same clause is given again, which is how the engine knows it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from letrics.fields import Field, fields_of
from letrics.normalize.place import Reading
from letrics.query.clauses import AllOf, AnyOf, Clause, Contains, NoneOf
from letrics.query.values import read_terms
from letrics.records import Kind

_FEW: Final = 20
_KEPT: Final = 2_000
"""So many lists of at most so many values are kept: at most 16 MB of texts, and nearly always 1;"""
_LONG_KEPT: Final = 8
"""and so many longer ones: 14 MB where each has 10,000 domains."""


class Array(NamedTuple):
    """The clause an array asks for, its values as they are told, and how each location was read, as (field, value,
    reading)."""

    clause: Clause
    values: tuple[str, ...]
    readings: tuple[tuple[str, str, Reading], ...]


def _fields(kind: Kind) -> dict[str, tuple[Field, bool]]:
    arrays = [field for field in fields_of(kind) if field.is_array]
    return {f"{'exclude_' * exclude}{field.name}": (field, exclude) for field in arrays for exclude in (False, True)}


_FIELDS: Final = {"contacts": _fields("contacts"), "companies": _fields("companies")}


def read_array(kind: Kind, name: str, value: object) -> Array | None:
    """What the field `name` (or its `exclude_` twin) asks for with this value; None where it restricts nothing. Raises
    ValueError with the words that follow the field's name in an error."""
    if isinstance(value, list):
        try:
            return (_read_few if len(value) <= _FEW else _read_many)(kind, name, tuple(value))
        except TypeError:
            pass  # it holds a list or an object, which is told below
    return _read(kind, name, value)


@lru_cache(_KEPT)
def _read_few(kind: Kind, name: str, values: tuple[object, ...]) -> Array | None:
    return _read(kind, name, list(values))


@lru_cache(_LONG_KEPT)
def _read_many(kind: Kind, name: str, values: tuple[object, ...]) -> Array | None:
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
    if field.kind == "contains":
        clause = Contains(name, fact, terms, exclude)
    elif field.kind == "all":
        clause = AllOf(name, fact, terms, exclude)
    else:
        clause = NoneOf(name, fact, terms) if exclude else AnyOf(name, fact, terms)
    return Array(clause, values, tuple((name, text, reading) for text, reading in zip(values, readings, strict=False)))
