"""Warnings about cells that could not be read, counted per column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import msgspec

EXAMPLES: Final = 3
"""The number of examples shown per column."""
_MAX_COLUMNS: Final = 1_000
"""The maximum number of columns with examples. Warnings about further columns are counted together."""
_OTHER: Final = "other columns"
"""The name under which warnings about further columns are counted."""


class CellWarning(msgspec.Struct, frozen=True, array_like=True):
    """A cell of a row that was left out, as a whole or in part. `field` is its column, `reason` a text for the user."""

    field: str
    reason: str


class Example(NamedTuple):
    """An example of a warning."""

    file: str
    line: int
    reason: str


@dataclass(slots=True)
class ColumnWarnings:
    """Warnings about one column: their number and the first `EXAMPLES`."""

    count: int = 0
    examples: list[Example] = field(default_factory=list)


@dataclass(slots=True)
class WarningCounts:
    """Number of warnings, in total and per column. Memory does not grow with the number of warnings."""

    count: int = 0
    columns: dict[str, ColumnWarnings] = field(default_factory=dict)

    def add(self, file: str, line: int, warning: CellWarning) -> None:
        self.count += 1
        name = warning.field
        if name not in self.columns and len(self.columns) >= _MAX_COLUMNS:
            name = _OTHER
        column = self.columns.setdefault(name, ColumnWarnings())
        column.count += 1
        if len(column.examples) < EXAMPLES:
            column.examples.append(Example(file, line, warning.reason))

    def plain(self) -> dict[str, Any]:
        """Return the warnings by column as JSON-compatible values."""
        return {
            name: {
                "count": column.count,
                "examples": [{"file": file, "line": line, "reason": reason} for file, line, reason in column.examples],
            }
            for name, column in self.columns.items()
        }
