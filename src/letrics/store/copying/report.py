"""How long work on tables reports its progress."""

from __future__ import annotations

from collections.abc import Callable

Report = Callable[[str, int, int], None]
"""Is told the table that is being read, the rows of it that were read, and their number; both 0 if it is small."""
