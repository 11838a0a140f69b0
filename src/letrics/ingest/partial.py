"""Result of reading a cell of which a part was left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Partial:
    """The `value` of a cell without the parts that could not be used. `reasons` has a text for the user for each."""

    value: Any
    reasons: tuple[str, ...]
