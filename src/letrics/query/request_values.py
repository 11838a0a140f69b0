"""Parses the values of request fields, with one function per type. Each raises ValueError with the text that follows
the field's name in an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal

import msgspec

from letrics.budget import check_budget
from letrics.fields import MAX_NUMBER, MAX_VALUE_LENGTH, Field
from letrics.normalize.domain import are_registrable, is_registrable, registrable_domain, tld_key
from letrics.normalize.email import email_key, read_email
from letrics.normalize.place import Reading, read_location
from letrics.normalize.text import fold, fold_words, forbidden_character
from letrics.normalize.time import parse_time
from letrics.normalize.title_words import word_keys
from letrics.query.clauses import Term


def read_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{shown(value)} must be true or false")
    return value


def read_number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_NUMBER:
        raise ValueError(f"{shown(value)} must be a whole number from 0 to {MAX_NUMBER:,}")
    return value


def read_time(value: object, edge: Literal["first", "last"]) -> int:
    """Parse a timestamp into milliseconds. A date without a time gives the first or last millisecond of its day."""
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} must be a timestamp string such as 2026-01-31T09:30:00Z")
    if not value.strip():
        raise ValueError("is blank: send a timestamp such as 2026-01-31T09:30:00Z, or omit the field")
    try:
        return parse_time(value, edge)
    except ValueError as error:
        raise ValueError(f"{shown(value)} {error}") from None


def read_terms(field: Field, value: object) -> tuple[tuple[Term, ...], tuple[Reading, ...]]:
    """Parse the values of an array field. For locations, also returns how each was interpreted."""
    if isinstance(value, str):
        raise ValueError(f"must be a list of strings: send [{shown(value)}]")
    if not isinstance(value, list):
        raise ValueError(f"{shown(value)} must be a list of strings")
    if len(value) > field.max_values:
        raise ValueError(f"has {len(value):,} values; at most {field.max_values:,} are allowed: split the request")
    if field.kind == "domain":
        if {*map(type, value)} == {str} and are_registrable(value):  # the common case of long lists
            return tuple(map(Term, value, zip(value, strict=True))), ()
        return tuple([_domain_term(item, position) for position, item in _in_time(value)]), ()
    texts = [_text(item, position) for position, item in _in_time(value)]
    if field.kind == "place":
        readings = tuple(read_location(text) for _, text in _in_time(texts))
        return tuple(Term(t, r.keys) for t, r in zip(texts, readings, strict=True)), readings
    return tuple([Term(text, _keys(field, text)) for _, text in _in_time(texts)]), ()


def _in_time(values: list[Any]) -> Iterator[tuple[int, Any]]:
    """The values with their positions from 1. Raises OutOfTime past the time budget of the request."""
    for position, value in enumerate(values, 1):
        check_budget()
        yield position, value


def _domain_term(item: object, position: int) -> Term:
    if isinstance(item, str) and is_registrable(item):  # the common case
        return Term(item, (item,))
    text = _text(item, position)
    try:
        return Term(text, (registrable_domain(text),))
    except ValueError:
        return Term(text, ())


def _text(item: object, position: int) -> str:
    if not isinstance(item, str):
        raise ValueError(f"value {position} is {shown(item)}; every value must be a string")
    text = item.strip()
    if text and len(text) <= MAX_VALUE_LENGTH and text.isascii() and text.isprintable():
        return text  # the common case, which none of the following checks can reject
    if not text:
        raise ValueError(f"value {position} is blank: remove it, or send [] for no filter")
    if len(text) > MAX_VALUE_LENGTH:
        raise ValueError(
            f"value {position} ({shown(text)}) has {len(text):,} characters; at most {MAX_VALUE_LENGTH} are allowed"
        )
    bad = forbidden_character(text)
    if bad:
        raise ValueError(f"value {position} ({shown(text)}) contains {bad}, which is not text: remove it")
    if not fold(text):
        raise ValueError(f"value {position} is blank: remove it, or send [] for no filter")
    return text


def _keys(field: Field, text: str) -> tuple[str, ...]:
    """The keys of a value; none if no record can have the value (it is then reported as unmatched)."""
    try:
        if field.kind == "tld":
            return (tld_key(text),)
        if field.kind == "email":
            return (email_key(read_email(text)),)
    except ValueError:
        return ()
    if field.kind == "words":
        return word_keys(text)
    return (fold_words(text) if field.kind == "contains" else fold(text),)


_SHOWN: Final = 80
"""The maximum number of characters of a value in an error."""


def shown(value: object) -> str:
    """Format a value for an error message: JSON, shortened, without lone surrogates."""
    if isinstance(value, str) and len(value) > _SHOWN:
        value = value[: _SHOWN + 1]
    try:
        text = msgspec.json.encode(value).decode()
    except (TypeError, ValueError, UnicodeError, RecursionError, OverflowError):
        try:
            text = repr(value)
        except (ValueError, RecursionError):  # an integer of thousands of digits, or deeply nested lists
            text = f"a value of type {type(value).__name__}"
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}…"
