"""Names of the columns of a table: those of groups are put before them, and blank and repeated ones become distinct."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Final

from letrics.ingest.header_names import concerns_company
from letrics.ingest.recognition import recognise

_NUMBER: Final = re.compile(r" \([0-9]{1,4}\)\Z")
"""Matches the number of a name that occurs again."""


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


def without_number(name: str) -> str:
    """Return the name of a column as the file has it: `Tag` for `Tag (2)`."""
    return _NUMBER.sub("", name)


def join_groups(groups: Sequence[str], names: Sequence[str], is_name: Callable[[str], bool]) -> list[str] | None:
    """Put the names of groups before the names of their columns: `Company`, `Name` is `Company Name`.

    Two groups have to make known names, or one of them if a name occurs in several groups, or if it is that of a
    company after the name of a person; otherwise, the line can be a title, and None is returned. A column of an unknown
    group then has a name that is unknown, too, so that it is not taken for one of the record. A name that its group
    makes unknown stays alone if it occurs once, unless it would be that of the contact in the group of a company: the
    phone of an account is not that of the contact.
    """
    last = groups[-1] if groups else ""
    pairs = list(zip_longest(groups[: len(names)], names, fillvalue=last))
    joined = [f"{group} {name}" if group and name else name for group, name in pairs]
    known = {group for (group, name), both in zip(pairs, joined, strict=True) if both != name and is_name(both)}
    places = Counter(name for _, name in {(group, name.casefold()) for group, name in pairs if group and name})
    is_sure = len(known) > 1 or max(places.values(), default=0) > 1 or _follows_person(pairs, joined)
    if not known or not is_sure:
        return None
    counts = Counter(name.casefold() for name in names)
    return [
        name
        if group in known and counts[name.casefold()] == 1 and not is_name(both) and not _is_of_other(group, name)
        else both
        for (group, name), both in zip(pairs, joined, strict=True)
    ]


def _is_of_other(group: str, name: str) -> bool:
    """Return whether a group is that of a company and a name alone that of a value of the contact, such as `Phone`."""
    found = recognise("contacts", name) if concerns_company(group) else None
    return found is not None and any(not field.startswith("company_") for field in found.fields)


def _follows_person(pairs: Sequence[tuple[str, str]], joined: Sequence[str]) -> bool:
    """Return whether the only group is the company of people, whose first or last names are in columns before it."""
    found = [(group, recognise("contacts", both)) for (group, _), both in zip(pairs, joined, strict=True)]
    fields = {(bool(group), field) for group, name in found if name is not None for field in name.fields}
    is_person = not fields.isdisjoint({(False, "first_name"), (False, "last_name")})
    return len({group for group, _ in pairs if group}) == 1 and is_person and (True, "company_name") in fields
