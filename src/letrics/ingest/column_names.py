"""Names of the columns of a table: those of groups are put before them, and blank and repeated ones become distinct."""

from __future__ import annotations

from collections import Counter
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


def join_groups(groups: Sequence[str], names: Sequence[str], is_name: Callable[[str], bool]) -> list[str] | None:
    """Put the names of groups before the names of their columns: `Company`, `Name` is `Company Name`.

    Two groups have to make known names, or one of them if a name occurs in several groups; otherwise, the line can be a
    title, and None is returned. A column of an unknown group then has a name that is unknown, too, so that it is not
    taken for one of the record. A name that its group makes unknown stays alone if it occurs once.
    """
    last = groups[-1] if groups else ""
    pairs = list(zip_longest(groups[: len(names)], names, fillvalue=last))
    joined = [f"{group} {name}" if group and name else name for group, name in pairs]
    known = {group for (group, name), both in zip(pairs, joined, strict=True) if both != name and is_name(both)}
    places = Counter(name for _, name in {(group, name.casefold()) for group, name in pairs if group and name})
    if not known or (len(known) == 1 and max(places.values()) == 1):
        return None
    counts = Counter(name.casefold() for name in names)
    return [
        name if group in known and counts[name.casefold()] == 1 and not is_name(both) else both
        for (group, name), both in zip(pairs, joined, strict=True)
    ]
