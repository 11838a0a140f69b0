"""`--filter`: a request body as the API takes it, and the kind of record as an argument."""

from __future__ import annotations

from typing import Any, Final

import click

from letrics.query import Request, parse_request
from letrics.records import KINDS, Kind

KIND: Final = click.Choice(KINDS)


def read_object(text: str) -> dict[str, Any]:
    """The members of a filter. Raises LetricsError (invalid_input)."""
    from letrics.api.body import parse_object

    return parse_object(text.encode("utf-8", "surrogateescape"))


def read_filter(kind: Kind, text: str) -> Request:
    """The filter of an export or a deletion. Raises LetricsError with every problem in it."""
    return parse_request(kind, read_object(text), paging=False)
