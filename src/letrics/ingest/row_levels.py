"""The objects of a row whose fields are those of the row: the row itself, wrappers in it, and the person."""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from typing import Final, NamedTuple

from letrics.ingest.nested_names import is_wrapper
from letrics.ingest.nested_people import contradicting_people
from letrics.ingest.recognition import is_person
from letrics.ingest.rows import Members

MAX_LEVELS: Final = 6
"""The number of levels of objects that are looked at."""


class Level(NamedTuple):
    """An object, and the beginning of the dotted names of its fields."""

    prefix: str
    fields: Members


class RowLevels(NamedTuple):
    """The levels of a row, the row first, and the dotted names of objects of other people, which are no level."""

    levels: list[Level]
    other_people: frozenset[str]


def find_levels(fields: Members, prefix: str = "") -> RowLevels:
    """Return the levels of a row, or of the object in it that `prefix` names."""
    levels, others = list[Level](), set[str]()
    pending = deque([Level(prefix, fields)])
    while pending:
        level = pending.popleft()
        levels.append(level)
        prefix, fields = level
        names = contradicting_people(prefix, fields)
        others.update(prefix + name for name in names)
        if prefix.count(".") < MAX_LEVELS:
            pending += [
                Level(f"{prefix}{name}.", value)
                for name, value in fields.items()
                if type(value) is dict and _is_level(prefix + name, name) and name not in names
            ]
    return RowLevels(levels, frozenset(others))


@lru_cache(maxsize=1_000)
def _is_level(path: str, name: str) -> bool:
    return is_wrapper(name) or is_person(path)
