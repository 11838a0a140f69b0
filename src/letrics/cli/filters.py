"""Parsing of `--filter`, a request body in the API's format or a file with one, of the options of filter fields, which
are combined with it, and of `--fields`, the record fields to output."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

import click

from letrics.cli.filter_options import given_options, option_name, read_options
from letrics.errors import INVALID_INPUT, LetricsError, Problem
from letrics.query import Request, parse_request
from letrics.query.request_values import shown
from letrics.records import KINDS, Kind

Command = TypeVar("Command", bound=Callable[..., Any])
KIND: Final = click.Choice(KINDS)
EXAMPLE: Final = """--filter '{"locations": ["Germany"]}'"""

fields_option = click.option(
    "--fields", metavar="A,B", help="Output only these fields, in this order, such as full_name,emails,company.domain."
)


def filter_option(help: str) -> Callable[[Command], Command]:
    """Return the decorator that adds `--filter` to a command, with the beginning of its help."""
    return click.option(
        "--filter", "filter_", metavar="JSON|@FILE", multiple=True, callback=_only_one,
        help=f"{help} It is the body of an API request; @FILE reads it from a file, @- from standard input.",
    )  # fmt: skip


def _only_one(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> str | None:
    """Return the one value of `--filter`. Raises UsageError for several, of which click would drop all but the last."""
    if len(values) > 1:
        raise click.UsageError(f"--filter is given {len(values)} times: write all fields into one JSON object")
    return values[0] if values else None


def _read_object(given: str) -> dict[str, Any]:
    """Parse the value of `--filter`.

    Raises UsageError if it is not a JSON object or its file cannot be read, and LetricsError if a key is repeated.
    """
    from letrics.api.body import parse_object

    text = _read_file(given) if given.startswith("@") else given
    if not text.strip():
        _refuse(given, "it is empty")
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        _refuse(given, f"{error.msg[:1].lower()}{error.msg[1:]} at line {error.lineno}, column {error.colno}")
    except RecursionError:
        _refuse(given, "it is nested too deeply")
    if not isinstance(value, dict):
        _refuse(given, "write an object in braces", "is not a JSON object")
    try:
        return parse_object(text.encode("utf-8", "surrogateescape"))
    except LetricsError as error:  # its details name the request body
        problems = [(item.details.replace("The body", "--filter", 1), item.field) for item in error.problems]
        raise LetricsError(error.kind, problems) from None


def _refuse(text: str, reason: str, what: str = "is not JSON") -> NoReturn:
    is_file = text.startswith("@")  # whose name is shown whole
    given = text if is_file else shown(text)[1:-1].replace('\\"', '"')
    raise click.UsageError(f"--filter {given} {what}: {reason}. Example: {EXAMPLE}")


def _read_file(given: str) -> str:
    """Read the file of a filter `@FILE`, in UTF-8, or in the encodings that PowerShell writes. Raises UsageError."""
    name = given[1:]
    if not name:
        raise click.UsageError("--filter @ names no file: write @FILE, or @- for standard input")
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).expanduser().read_bytes()
    except OSError as error:
        raise click.UsageError(f"--filter {given}: {error.strerror or error}") from None
    try:
        return data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as error:
        raise click.UsageError(
            f"--filter {given} is not UTF-8: byte {error.start + 1:,} is not allowed there"
        ) from None


def read_search(kind: Kind, text: str | None, paging: Mapping[str, object]) -> Request:
    """Parse `--filter`, the options of filter fields, and those of the paging of a search.

    Raises UsageError, or LetricsError with all problems.
    """
    return _parse(kind, _read_given(kind, text, paging), paging=True)


def read_filter(kind: Kind, text: str | None, hints: Mapping[str, str] | None = None) -> Request:
    """Parse `--filter` and the options of filter fields, for a command without pages. `hints` maps a paging field to
    the hint for its error.

    Raises UsageError, or LetricsError with all problems.
    """
    return _parse(kind, _read_given(kind, text), paging=False, hints=hints or {})


def is_filtered(text: str | None) -> bool:
    """Whether the running command has `--filter` or an option of a filter field."""
    return text is not None or bool(given_options())


def _read_given(kind: Kind, text: str | None, paging: Mapping[str, object] | None = None) -> dict[str, Any]:
    """The request fields of `--filter` and of the options, also of those of the paging."""
    given = {} if text is None else _read_object(text)
    options = {**read_options(kind), **(paging or {})}
    twice = [name for name in options if name in given]
    if twice:
        problems = [
            (f"{name} is given by {option_name(name)} and in --filter: use one of them", name) for name in twice
        ]
        raise LetricsError(INVALID_INPUT, problems)
    return {**given, **options}


def _parse(kind: Kind, given: Mapping[str, object], paging: bool, hints: Mapping[str, str] | None = None) -> Request:
    try:
        return parse_request(kind, given, paging=paging)
    except LetricsError as error:
        problems = [(_reworded(item, hints or {}), item.field) for item in error.problems]
        raise LetricsError(error.kind, problems) from None


def _reworded(item: Problem, hints: Mapping[str, str]) -> str:
    """The details of a problem in the words of the command line: a field that was given by an option has its name."""
    name = item.field or ""
    if name in hints:
        return f"{name} is not a filter: {hints[name]}"
    if name in given_options() and item.details.startswith(f"{name} "):
        return option_name(name) + item.details.removeprefix(name)
    return item.details


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
