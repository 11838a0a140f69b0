"""What a setting has to be, in words: read from its type, so that no message of a library is shown."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import msgspec
from msgspec import inspect

ALLOWED: Final = "allowed"
"""The key in `msgspec.Meta(extra=…)` under which a text setting says what it may be."""

_DIGITS: Final = re.compile(r"[+-]?[0-9]{1,300}")


def required(settings: type[msgspec.Struct], name: str, value: object) -> str:
    """What the setting `name` has to be that `value` is not, to follow "must be"."""
    info = inspect.type_info(settings)
    assert isinstance(info, inspect.StructType)
    return _required(next(field.type for field in info.fields if field.name == name), value, None)


def shown(value: object) -> str:
    """A value as an error shows it: a number bare, a text in quotes, shortened."""
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
    """The number that is meant, be it as a text; None where it is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return float(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else None
