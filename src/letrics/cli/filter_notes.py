"""Notes on a filter for the user, on standard error: values that no record has, and warnings."""

from __future__ import annotations

import click

from letrics.search.meta import CountMeta, SearchMeta


def show_notes(meta: SearchMeta | CountMeta) -> None:
    """Print the unmatched values with their suggestions, and the warnings."""
    for item in meta.unmatched:
        near = f": did you mean {' or '.join(item.suggestions)}?" if item.suggestions else ""
        click.echo(f"{item.field}: no record has {item.value!r}{near}", err=True)
    for warning in meta.warnings:
        click.echo(f"{warning.field}: {warning.details}", err=True)
