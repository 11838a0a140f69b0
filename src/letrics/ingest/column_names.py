"""Names of the columns of a table: blank ones and repeated ones become distinct."""

from __future__ import annotations

from collections.abc import Sequence


def distinct_names(names: Sequence[str]) -> list[str]:
    """Name blank columns by their position, and number names that occur again: `Tag (2)`."""
    taken = set(names)
    met = set[str]()
    distinct = list[str]()
    for place, name in enumerate(names, 1):
        unique, number = name or f"column {place}", 1
        while unique in met or (number > 1 and unique in taken):
            number += 1
            unique = f"{name or f'column {place}'} ({number})"
        met.add(unique)
        distinct.append(unique)
    return distinct
