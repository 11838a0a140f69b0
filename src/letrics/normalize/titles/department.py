"""The department that a job title implies, by the rules of `data/titles/departments.toml`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from letrics.normalize.titles.seniority import load
from letrics.normalize.titles.title_phrases import Phrases, by_language

_CLASSES: Final = ("hint", "field", "function", "decides")
"""The classes of words, from the weakest."""
_DECIDES: Final = _CLASSES.index("decides")
_NONE: Final = "none"
"""The key of the phrases that hide the words within."""

_LEADS: Final = frozenset(("manager", "director", "principal", "superintendent", "supervisor", "foreman", "dean"))
"""Words for a leading role, of which an assistant is the deputy."""


class Department(NamedTuple):
    """A department that words of a title imply, and how strongly: the index in `_CLASSES`."""

    strength: int
    name: str | None

    @property
    def is_hint(self) -> bool:
        return self.strength <= 0


UNKNOWN: Final = Department(-1, None)
"""The department of a title that implies none."""


@cache
def rules() -> Phrases[Department]:
    """The rules of the bundled file. Of a word that is listed twice, the stronger class counts."""
    departments = load("departments.toml")
    phrases: Phrases[Department] = Phrases()
    phrases.add(departments.pop(_NONE), UNKNOWN)
    for strength in range(_DECIDES, -1, -1):
        for name, classes in departments.items():
            phrases.add(by_language(classes.get(_CLASSES[strength], {})), Department(strength, name))
    phrases.add_abbreviations(max)
    return phrases


@cache
def meanings() -> dict[str, str]:
    """What each department means, in the order of the reference."""
    return {name: classes["meaning"] for name, classes in load("departments.toml").items() if name != _NONE}


def find_department(words: Sequence[str]) -> Department:
    """Return the department of a title split into words."""
    best = UNKNOWN
    for _, _, found in rules().find(words[1:] if _is_deputy(words) else words):
        if found.strength > best.strength or found.strength == best.strength == _DECIDES:
            best = found
    return best


def _is_deputy(words: Sequence[str]) -> bool:
    """Whether the first word is an `assistant` who leads, as an assistant store manager does."""
    return words[:1] in (["assistant"], ["asst"]) and not _LEADS.isdisjoint(words[1:])
