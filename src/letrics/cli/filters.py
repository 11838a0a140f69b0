"""Parsing of `--filter`, a request body in the API's format, and of `--fields`, the record fields to output."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NoReturn

import click

from letrics.errors import LetricsError, Problem
from letrics.query import Request, parse_request
from letrics.query.request_values import shown
from letrics.records import KINDS, Kind

KIND: Final = click.Choice(KINDS)
EXAMPLE: Final = """--filter '{"locations": ["Germany"]}'"""

fields_option = click.option(
    "--fields", metavar="A,B", help="Output only these fields, in this order, such as full_name,emails,company.domain."
)


def read_object(text: str) -> dict[str, Any]:
    """Parse a filter. Raises UsageError if it is not a JSON object, and LetricsError if a key is repeated."""
    from letrics.api.body import parse_object

    if not text.strip():
        _refuse(text, "it is empty")
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        _refuse(text, f"{error.msg[:1].lower()}{error.msg[1:]} at line {error.lineno}, column {error.colno}")
    except RecursionError:
        _refuse(text, "it is nested too deeply")
    if not isinstance(value, dict):
        _refuse(text, "write an object in braces", "is not a JSON object")
    try:
        return parse_object(text.encode("utf-8", "surrogateescape"))
    except LetricsError as error:  # its details name the request body
        problems = [(item.details.replace("The body", "--filter", 1), item.field) for item in error.problems]
        raise LetricsError(error.kind, problems) from None


def _refuse(text: str, reason: str, what: str = "is not JSON") -> NoReturn:
    given = shown(text)[1:-1].replace('\\"', '"')
    raise click.UsageError(f"--filter {given} {what}: {reason}. Example: {EXAMPLE}")


def read_filter(kind: Kind, text: str, options: Mapping[str, str] | None = None) -> Request:
    """Parse the filter of an export or a deletion. `options` maps a paging field to the hint for its error.

    Raises UsageError, or LetricsError with all problems of the filter.
    """
    try:
        return parse_request(kind, read_object(text), paging=False)
    except LetricsError as error:
        problems = [(_instead(item, options or {}), item.field) for item in error.problems]
        raise LetricsError(error.kind, problems) from None


def _instead(item: Problem, options: Mapping[str, str]) -> str:
    instead = options.get(item.field or "")
    return item.details if instead is None else f"{item.field} is not a filter: {instead}"


def read_fields(kind: Kind, text: str | None) -> tuple[str, ...] | None:
    """Parse the comma-separated fields of `--fields`; None without the option. Raises UsageError."""
    if text is None:
        return None
    names = [name for part in text.split(",") if (name := part.strip())]
    if not names:
        raise click.UsageError("--fields is empty: name at least one field, such as --fields full_name,emails")
    try:
        return parse_request(kind, {"fields": names}, paging=False, beside=("fields",)).members
    except LetricsError as error:
        raise click.UsageError(f"--{error.problems[0].details}") from None
