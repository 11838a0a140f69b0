"""Calendar months in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Abbreviated names of the months."""


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a year."""

    year: int
    month: int

    @property
    def first(self) -> str:
        """The first day, in the format of search filters."""
        return f"{self.year:04}-{self.month:02}-01"

    @property
    def last(self) -> str:
        """The last day, in the format of search filters."""
        following = self.moved(1)
        end = datetime(following.year, following.month, 1, tzinfo=UTC).timestamp() - 1
        return datetime.fromtimestamp(end, UTC).strftime("%Y-%m-%d")

    @property
    def name(self) -> str:
        return f"{NAMES[self.month - 1]} {self.year}"

    def moved(self, by: int) -> Month:
        """Return the month `by` months later."""
        months = self.year * 12 + self.month - 1 + by
        return Month(months // 12, months % 12 + 1)


def last_months(now_ms: int, many: int) -> list[Month]:
    """Return the month of a time and the months before it, `many` in total, oldest first."""
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    return [Month(now.year, now.month).moved(by) for by in range(1 - many, 1)]
