"""Describes the valid values of a setting by its type, so that errors do not show messages of a library."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import msgspec
from msgspec import inspect

ALLOWED: Final = "allowed"
"""The key in `msgspec.Meta(extra=…)` with the description of the valid values of a string setting."""

_DIGITS: Final = re.compile(r"[+-]?[0-9]{1,300}")
"""Matches an integer of up to 300 digits, which a float can represent."""


def required(settings: type[msgspec.Struct], name: str, value: object) -> str:
    """The requirement of the setting `name` that `value` violates, as text that follows "must be"."""
    info = inspect.type_info(settings)
    assert isinstance(info, inspect.StructType)
    return _required(next(field.type for field in info.fields if field.name == name), value, None)


def shown(value: object) -> str:
    """Format a value for an error message: a number without quotes, a string in quotes, shortened to 80 characters."""
    bare = isinstance(value, str) and _DIGITS.fullmatch(value)
    text = str(value) if bare else json.dumps(value, default=str)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _required(kind: inspect.Type, value: object, allowed: str | None) -> str:
    if isinstance(kind, inspect.Metadata):
        return _required(kind.type, value, (kind.extra or {}).get(ALLOWED, allowed))
    if isinstance(kind, inspect.UnionType):
        return _required(next(of for of in kind.types if not isinstance(of, inspect.NoneType)), value, allowed)
    if isinstance(kind, inspect.VarTupleType):
        return f"a list, each {_required(kind.item_type, None, allowed)}"
    if isinstance(kind, inspect.IntType | inspect.FloatType):
        return _in_range(kind, value)
    if isinstance(kind, inspect.BoolType):
        return "true or false"
    return allowed or "text"


def _in_range(kind: inspect.IntType | inspect.FloatType, value: object) -> str:
    number = _number(value)
    if number is not None and kind.le is not None and number > kind.le:
        return f"at most {kind.le}"
    if number is not None and kind.ge is not None and number < kind.ge:
        return f"at least {kind.ge}"
    return "a whole number" if isinstance(kind, inspect.IntType) else "a number"


def _number(value: Any) -> float | None:
    """The value as a number, also from a string of digits; None if it is not a number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return float(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else None
