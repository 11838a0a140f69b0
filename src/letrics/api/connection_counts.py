"""The numbers of connections of this server process, for its metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(slots=True)
class ConnectionCounts:
    """The connections that are open now, and those that were refused since the start because too many were open."""

    opened: int = 0
    refused: int = 0


COUNTS: Final = ConnectionCounts()
"""The counts of this process."""
