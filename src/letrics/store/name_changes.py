"""The names that the first rows of an import would change: many of them suggest that its columns or ids are wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from letrics.records import Kind

JUDGED_ROWS: Final = 10_000
"""The number of rows of an import, from its first, whose changes of names are counted."""
EXAMPLES: Final = 3
"""The number of changed names that are shown."""
_MAX_SHOWN: Final = 80
"""The maximum number of characters of a name that are shown."""
_MIN_CHANGED: Final = 5
"""The number of changed names below which an import need not be confirmed."""
_MAX_SHARE: Final = 0.01
"""The share of the matched records whose names may change without a confirmation."""


class NameChange(msgspec.Struct, frozen=True):
    """The name of a stored record, and the one that an import would give it; None would clear it."""

    old: str
    new: str | None


class NameChanges(msgspec.Struct, frozen=True):
    """The effect of rows on the names of stored records of a kind.

    `matched` is the number of stored records that the rows match, `changed` that of those whose name would change by
    more than case and white space. `examples` are the first of them.
    """

    kind: Kind
    matched: int
    changed: int
    examples: tuple[NameChange, ...] = ()

    @property
    def are_many(self) -> bool:
        """Whether the import has to be confirmed."""
        return self.changed >= _MIN_CHANGED and self.changed > _MAX_SHARE * self.matched

    def __str__(self) -> str:
        shown = ", ".join(f"{_quoted(change.old)} → {_quoted(change.new)}" for change in self.examples)
        return (
            f"the first rows would change the name of {self.changed:,} of the {self.matched:,} {self.kind} that they "
            f"match: {shown}"
        )


def _quoted(name: str | None) -> str:
    return "no name" if name is None else f"“{name[:_MAX_SHOWN]}”"


Judge = Callable[[NameChanges], None]
"""Judges the changes of names by a batch before it is committed. If it raises, nothing of the batch is stored."""


class ManyNamesChange(Exception):
    """A batch would change more names than usual, and nothing of it was stored."""

    def __init__(self, changes: NameChanges) -> None:
        self.changes = changes
        super().__init__(str(changes))


def refuse_many(changes: NameChanges) -> None:
    """Raise ManyNamesChange if the import has to be confirmed."""
    if changes.are_many:
        raise ManyNamesChange(changes)
