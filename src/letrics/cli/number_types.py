"""Types of the numbers on the command line, which are refused if a database could not store them."""

from __future__ import annotations

from typing import Final

import click

MAX_NUMBER: Final = 10**15
"""The largest number that is allowed. It is far above every id, and sums of such numbers fit into 64 bits."""


class BoundedNumber(click.IntRange):
    """A whole number of at most MAX_NUMBER."""

    name = "integer"

    def __init__(self, min: int | None = None) -> None:
        super().__init__(min, MAX_NUMBER)


NUMBER: Final = BoundedNumber()
"""A number, such as the id of an import."""
FROM_ZERO: Final = BoundedNumber(0)
"""A number from 0."""
FROM_ONE: Final = BoundedNumber(1)
"""A number from 1."""
