"""Calendar months in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a year."""

    year: int
    month: int

    @property
    def first(self) -> str:
        """Its first day, as a search is asked for it."""
        return f"{self.year:04}-{self.month:02}-01"

    @property
    def last(self) -> str:
        """Its last day."""
        following = self.moved(1)
        end = datetime(following.year, following.month, 1, tzinfo=UTC).timestamp() - 1
        return datetime.fromtimestamp(end, UTC).strftime("%Y-%m-%d")

    @property
    def name(self) -> str:
        return f"{NAMES[self.month - 1]} {self.year}"

    def moved(self, by: int) -> Month:
        """So many months later."""
        months = self.year * 12 + self.month - 1 + by
        return Month(months // 12, months % 12 + 1)


def last_months(now_ms: int, many: int) -> list[Month]:
    """The month of a moment and those before it, oldest first."""
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    return [Month(now.year, now.month).moved(by) for by in range(1 - many, 1)]
