"""How long work on tables reports its progress."""

from __future__ import annotations

from collections.abc import Callable

Report = Callable[[str, int, int], None]
"""Takes the table that is being read, the number of its rows that were read, and of all; both 0 if it is small."""
