"""Notes on a filter for the user, on standard error: values that no record has, and warnings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from letrics.query import Warning
    from letrics.search.meta import CountMeta, SearchMeta


def show_notes(meta: SearchMeta | CountMeta) -> None:
    """Print the unmatched values with their suggestions, and the warnings."""
    for item in meta.unmatched:
        near = f": did you mean {' or '.join(item.suggestions)}?" if item.suggestions else ""
        click.echo(f"{item.field}: no record has {item.value!r}{near}", err=True)
    show_warnings(meta.warnings)


def show_warnings(warnings: Sequence[Warning]) -> None:
    """Print the warnings of a request."""
    for warning in warnings:
        click.echo(f"{warning.field}: {warning.details}", err=True)
