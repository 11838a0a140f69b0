"""Names of the columns of a table: those of groups are put before them, and blank and repeated ones become distinct."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest


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


def join_groups(groups: Sequence[str], names: Sequence[str], is_name: Callable[[str], bool]) -> list[str]:
    """Put the name of a group before a name where both together are known: `Company`, `Name` is `Company Name`."""
    pairs = list(zip_longest(groups[: len(names)], names, fillvalue=""))
    return [joined if group and name and is_name(joined := f"{group} {name}") else name for group, name in pairs]
