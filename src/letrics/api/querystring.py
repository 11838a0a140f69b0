"""A query string read into the same form as a JSON body: one value a name, of the type the catalogue gives it.

Arrays repeat their name, also as `name[]`; a comma is part of the value; an empty value is as if absent. The form is
`application/x-www-form-urlencoded` (WHATWG URL, section 5.1), but UTF-8 that is not valid is an error.
"""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from letrics.errors import MAX_PROBLEMS
from letrics.query.request import PAGING, field_named, unknown_name
from letrics.query.values import shown
from letrics.records import Kind

Problems = dict[str, str]
"""What is wrong, by the name of the parameter to blame."""

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,18}")
_LOST_PLUS: Final = re.compile(r"(?<=[0-9]) (?=[0-9]{2}(?::?[0-9]{2})?\s*\Z)")


def read_pairs(query: bytes) -> tuple[list[tuple[str, str]], Problems]:
    """The decoded name and value pairs that have a value, and a problem for each that is not UTF-8."""
    pairs: list[tuple[str, str]] = []
    problems: Problems = {}
    for part in query.split(b"&") if query else ():
        raw_name, _, raw_value = part.partition(b"=")
        try:
            name = _decode(raw_name)
        except UnicodeDecodeError:
            name = unquote_to_bytes(raw_name.replace(b"+", b" ")).decode("utf-8", "replace")
            problems[name] = f"the name of the parameter {shown(name)} is not UTF-8"
            continue
        try:
            value = _decode(raw_value)
        except UnicodeDecodeError:
            problems[name.removesuffix("[]")] = (
                f"{name[:200]} has a value that is not UTF-8: percent-encode it as UTF-8"
            )
            continue
        if name or value:
            pairs.append((name, value))
    return pairs, problems


def _decode(raw: bytes) -> str:
    if b"%" not in raw and b"+" not in raw:
        return raw.decode()
    return unquote_to_bytes(raw.replace(b"+", b" ")).decode()


def read_search(kind: Kind, query: bytes) -> tuple[dict[str, Any], Problems]:
    """A GET search as `parse_request` takes it, and the problems that only a query string can have.

    A name with a problem is left out of what is given. Values that are not of their field's type stay text, for
    `parse_request` to refuse.
    """
    pairs, problems = read_pairs(query)
    given: dict[str, Any] = {}
    for written, value in pairs:
        name = written.removesuffix("[]")
        field = field_named(kind, name)
        if field is None and name not in _UNFILTERED:
            if len(problems) < MAX_PROBLEMS:  # no more are reported, and looking for a similar name takes a while
                problems.setdefault(written, unknown_name(kind, written))
        elif name == "fields" or (field is not None and field.is_array):
            if value:
                given.setdefault(name, []).append(value)
        elif written != name:
            problems.setdefault(name, f"{name} takes one value: send {name}= without the brackets")
        elif value:
            if name in given:
                problems.setdefault(name, f"{name} is given twice, and takes one value: send it once")
            given[name] = _scalar(field.kind if field else name, value)
    for name in problems:
        given.pop(name, None)
    return given, problems


_UNFILTERED: Final = frozenset(PAGING)


def _scalar(kind: str, value: str) -> object:
    if kind in ("flag", "modifier"):
        return {"true": True, "false": False}.get(value, value)
    if kind in ("page", "per_page", "number"):
        return int(value) if _INTEGER.fullmatch(value) else value
    if kind == "range":
        # A + that was not percent-encoded arrives as a space: before an offset it is read as what was meant.
        return _LOST_PLUS.sub("+", value) if "T" in value.upper() or value.count(" ") > 1 else value
    return value


def read_parameters(query: bytes, *known: str) -> tuple[dict[str, str], Problems]:
    """The parameters of a path that has only these, each of one value; an empty one is as if absent."""
    pairs, problems = read_pairs(query)
    found: dict[str, str] = {}
    hint = f"{known[0]} is the only one" if len(known) == 1 else f"known are {', '.join(known)}"
    for name, value in pairs:
        if name not in known:
            problems.setdefault(name, f"{shown(name)} is not a parameter here: {hint}")
        elif value and name in found:
            problems[name] = f"{name} is given twice, and takes one value: send it once"
        elif value:
            found[name] = value
    return found, problems


def read_flag_parameter(query: bytes, known: str) -> tuple[bool, Problems]:
    """The one boolean parameter `known` of a path that has no other; False where it is absent."""
    found, problems = read_parameters(query, known)
    value = found.get(known, "false")
    if value not in ("true", "false"):
        problems.setdefault(known, f"{known} {shown(value)} must be true or false")
    return value == "true", problems


def read_integer(text: str) -> int | None:
    """A whole number as query strings write it; None where it is none."""
    return int(text) if _INTEGER.fullmatch(text) else None


def refuse_all(query: bytes, why: str) -> Problems:
    """A problem for every parameter, where none is possible. `why` follows its name."""
    pairs, problems = read_pairs(query)
    for name, _ in pairs:
        problems.setdefault(name, f"{shown(name)} {why}")
    return problems
