"""What a job title implies: the seniority and department of its holder, and whether the holder decides.

The rules are data (`data/titles`): words and phrases in English, German, French, Spanish, Italian, Portuguese and
Dutch. Titles in other languages give nothing unless they contain such words.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from letrics.normalize.titles.department import find_department
from letrics.normalize.titles.seniority import DECISION_MAKERS, Seniority, find_seniority
from letrics.normalize.titles.title_phrases import split_title

_MAX_TITLE: Final = 300
"""The number of characters of a title that are considered, which limits time and the memory of the cache."""
_CACHED_TITLES: Final = 50_000
"""The capacity of the cache, in titles."""
_GENERAL_MANAGEMENT: Final = frozenset(("owner", "founder", "c_suite", "partner", "vp"))
"""The seniorities whose department is Executive if the title gives at most a hint of another."""


class TitleMeaning(NamedTuple):
    """What a title implies. None is unknown."""

    department: str | None
    seniority: Seniority | None
    is_decision_maker: bool | None


NOTHING: Final = TitleMeaning(None, None, None)
"""The meaning of no title."""


def derive(title: str) -> TitleMeaning:
    """Derive seniority, department and decision maker from a job title. Never raises."""
    return _derive(title if len(title) <= _MAX_TITLE else title[:_MAX_TITLE])


@lru_cache(_CACHED_TITLES)
def _derive(title: str) -> TitleMeaning:
    words = split_title(title)
    seniority = find_seniority(words)
    department = find_department(words)
    name = "Executive" if department.is_hint and seniority in _GENERAL_MANAGEMENT else department.name
    return TitleMeaning(name, seniority, None if seniority is None else seniority in DECISION_MAKERS)
