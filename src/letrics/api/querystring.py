"""Parses a query string into the form of a JSON body: one value per name, of the type that the catalogue defines.

Arrays repeat their name, also as `name[]`. A comma is part of the value. An empty value counts as absent. The encoding
is `application/x-www-form-urlencoded` (WHATWG URL, section 5.1), except that invalid UTF-8 is an error.
"""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from letrics.errors import INVALID_INPUT, MAX_PROBLEMS, LetricsError
from letrics.query.request import PAGING, field_named, unknown_name
from letrics.query.request_values import shown
from letrics.records import Kind

Problems = dict[str, str]
"""Error messages by the name of the parameter they concern."""

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,18}")
"""Matches an integer of up to 18 digits, which fits in 64 bits."""
_LOST_PLUS: Final = re.compile(r"(?<=[0-9]) (?=[0-9]{2}(?::?[0-9]{2})?\s*\Z)")
"""Matches the space before a UTC offset such as 01:00 at the end of a timestamp."""


def refuse(problems: Problems) -> None:
    """Raise LetricsError (invalid_input) if there are problems."""
    if problems:
        raise LetricsError(INVALID_INPUT, [(text, name) for name, text in problems.items()])


def read_pairs(query: bytes) -> tuple[list[tuple[str, str]], Problems]:
    """Decode the name and value pairs. Returns the non-empty pairs, and a problem for each pair that is not UTF-8."""
    pairs: list[tuple[str, str]] = []
    problems: Problems = {}
    for part in query.split(b"&") if query else ():
        raw_name, _, raw_value = part.partition(b"=")
        try:
            name = _decode(raw_name)
        except UnicodeDecodeError:
            name = unquote_to_bytes(raw_name.replace(b"+", b" ")).decode("utf-8", "replace")
            problems[name] = f"the parameter name {shown(name)} is not UTF-8"
            continue
        try:
            value = _decode(raw_value)
        except UnicodeDecodeError:
            problems[name.removesuffix("[]")] = f"the value of {name[:200]} is not UTF-8: percent-encode it as UTF-8"
            continue
        if name or value:
            pairs.append((name, value))
    return pairs, problems


def _decode(raw: bytes) -> str:
    if b"%" not in raw and b"+" not in raw:
        return raw.decode()
    return unquote_to_bytes(raw.replace(b"+", b" ")).decode()


def read_search(kind: Kind, query: bytes) -> tuple[dict[str, Any], Problems]:
    """Parse a GET search. Returns the input of `parse_request`, and the problems that only a query string can have.

    Parameters with a problem are omitted from that input. Values of a wrong type stay strings, and `parse_request`
    rejects them.
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
            problems.setdefault(name, f"{name} takes one value: send {name}= without brackets")
        elif value:
            if name in given:
                problems.setdefault(name, f"{name} takes one value and is given twice: send it once")
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
        # A + that was not percent-encoded arrives as a space. Before a UTC offset it is restored.
        return _LOST_PLUS.sub("+", value) if "T" in value.upper() or value.count(" ") > 1 else value
    return value


def read_parameters(query: bytes, *known: str) -> tuple[dict[str, str], Problems]:
    """Parse the query string of a path whose only parameters are `known`, each with one value. Empty values count as
    absent."""
    pairs, problems = read_pairs(query)
    found: dict[str, str] = {}
    hint = f"the only one is {known[0]}" if len(known) == 1 else f"available are {', '.join(known)}"
    for name, value in pairs:
        if name not in known:
            problems.setdefault(name, f"{shown(name)} is not a parameter of this path: {hint}")
        elif value and name in found:
            problems[name] = f"{name} takes one value and is given twice: send it once"
        elif value:
            found[name] = value
    return found, problems


def read_flag_parameter(query: bytes, known: str) -> tuple[bool, Problems]:
    """Parse the query string of a path whose only parameter is the boolean `known`. The default is False."""
    found, problems = read_parameters(query, known)
    value = found.get(known, "false")
    if value not in ("true", "false"):
        problems.setdefault(known, f"{known} {shown(value)} must be true or false")
    return value == "true", problems


def read_integer(text: str) -> int | None:
    """Parse an integer of a query string; None if it is not an integer."""
    return int(text) if _INTEGER.fullmatch(text) else None


def refuse_all(query: bytes, why: str) -> Problems:
    """Report every parameter of a path that has none. `why` follows the parameter's name in the message."""
    pairs, problems = read_pairs(query)
    for name, _ in pairs:
        problems.setdefault(name, f"{shown(name)} {why}")
    return problems
