"""Translates the common SQL of stores (see letrics.store.sql) into that of PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import count
from typing import Final

_ARRAY: Final = re.compile(r"\bcarray\((\?[0-9]{0,2})\) AS ([a-z_]{1,40})\b")
"""Matches a list of values as a table. Group 1 is its placeholder, group 2 its name."""
_PLACEHOLDER: Final = re.compile(r"\?([0-9]{0,2})")
"""Matches a placeholder. Group 1 is its number, which may be empty."""


@lru_cache(1_000)
def translate(sql: str) -> str:
    """The statement for PostgreSQL, with placeholders $1, $2. A statement has no question marks in texts."""
    numbered: Callable[[], int] = count(1).__next__
    sql = _ARRAY.sub(r"unnest(\1) AS \2(value)", sql).replace("CROSS JOIN", "JOIN")
    return _PLACEHOLDER.sub(lambda match: f"${match[1] or numbered()}", sql)
