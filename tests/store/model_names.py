"""Whether names agree, for names of plain words: the reference model's rule, written from the documentation alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.property.reading import folded


def agree(some: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether the names of two contacts, given as members, can be those of one person."""
    a, b = parts(some), parts(other)
    if not a[0] + a[1] or not b[0] + b[1]:
        return True
    texts = [folded(one["full_name"] or "") for one in (some, other)]
    if texts[0] and texts[0] == texts[1]:
        return True
    if sorted(a[0] + a[1]) == sorted(b[0] + b[1]) or not joined(a).isdisjoint(joined(b)):
        return True
    if a[2] or b[2]:
        one, rest = (a, b) if a[2] else (b, a)
        word = one[0][0]
        return word in rest[1] or bool(rest[0] and begins(word, rest[0][0]))
    if a[0] and b[0]:
        if a[0] == b[0] and len("".join(a[0])) > 1:
            return True
        first = all(map(begins, a[0], b[0])) or begins("".join(a[0]), "".join(b[0]))
        return first and (not a[1] or not b[1] or last(a[1], b[1]))
    return bool(a[1] and b[1]) and last(a[1], b[1])


def parts(members: Mapping[str, Any]) -> tuple[list[str], list[str], bool]:
    """The first names, the last names, and whether there is only one word that may be either."""
    first, last = words(members["first_name"]), words(members["last_name"])
    if first or last:
        return first, last, False
    full = members["full_name"] or ""
    if "," in full:
        return words(full.split(",")[1]), words(full.split(",")[0]), False
    every = words(full)
    return every[:1], every[1:], len(every) == 1


def joined(name: tuple[list[str], list[str], bool]) -> set[str]:
    """The name without spaces, with the first name at either end."""
    return {"".join(name[0] + name[1]), "".join(name[1] + name[0])}


def words(text: str | None) -> list[str]:
    bare = re.sub(r"['’]", "", folded(text or ""))
    return [word for word in re.split(r'[\s.,;:"/_-]+', bare) if word]


def last(a: list[str], b: list[str]) -> bool:
    return begins(a[-1], b[-1]) or a[-1] in b or b[-1] in a or begins("".join(a), "".join(b))


def begins(a: str, b: str) -> bool:
    return a.startswith(b) or b.startswith(a)
