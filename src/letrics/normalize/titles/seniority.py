"""The seniority that a job title implies, by the rules of `data/titles/seniorities.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, NamedTuple

from letrics.normalize.titles.title_phrases import AND, ENDS, Phrases, by_language, split_title

Seniority = Literal[
    "owner", "founder", "c_suite", "partner", "vp", "head", "director", "manager", "senior", "entry", "intern"
]  # fmt: skip
SENIORITIES: Final[tuple[Seniority, ...]] = (
    "owner", "founder", "c_suite", "partner", "vp", "head", "director", "manager", "senior", "entry", "intern"
)  # fmt: skip
"""All seniorities, from the highest."""
DECISION_MAKERS: Final = frozenset(SENIORITIES[: SENIORITIES.index("director") + 1])
"""The seniorities whose holders are taken for decision makers: director and all above."""

_LEADING: Final = SENIORITIES.index("manager")
"""The rank up to which an assistant at the end of a title assists the person named before."""

Where = Literal["anywhere", "edge", "last", "none", "cut"]
"""Where in a title a phrase counts, or that it hides the words within, or that it ends the title."""


class _Rule(NamedTuple):
    rank: int
    where: Where


class Rules:
    """The rules, in the form in which they are applied."""

    def __init__(self, data: dict[str, Any]) -> None:
        words = data["words"]
        self.phrases: Phrases[_Rule] = Phrases()
        self.phrases.add(words["none"], _Rule(len(SENIORITIES), "none"))
        self.phrases.add(words["cut"], _Rule(len(SENIORITIES), "cut"))
        for rank, name in enumerate(SENIORITIES):
            for where in ("anywhere", "edge", "last"):
                self.phrases.add(by_language(data["levels"][name].get(where, {})), _Rule(rank, where))
        self.phrases.add_abbreviations(min)
        self.before = _set_of(words["before"])
        self.prepositions = _set_of(words["prepositions"])
        self.assist = _set_of(words["assist"])
        self.past = _set_of(words["past"])
        self.occupations: Phrases[bool] = Phrases()
        self.occupations.add(words["no_occupations"], False)
        self.occupations.add(words["occupations"], True)


def _set_of(phrases: str) -> frozenset[str]:
    return frozenset(word for phrase in phrases.split(",") for word in split_title(phrase)[:1])


@cache
def rules() -> Rules:
    """The rules of the bundled file."""
    return Rules(load("seniorities.toml"))


def load(name: str) -> dict[str, Any]:
    """Read a file of rules."""
    return tomllib.loads((files("letrics.normalize") / "data" / "titles" / name).read_text("utf-8"))


def meanings() -> dict[Seniority, str]:
    """What each seniority means, for the reference."""
    levels = load("seniorities.toml")["levels"]
    return {name: levels[name]["meaning"] for name in SENIORITIES}


def find_seniority(words: list[str]) -> Seniority | None:
    """Return the seniority of a title split into words; None if it names no present occupation.

    Removes from `words` what follows a phrase such as `assistant to`, because it is about another person.
    """
    known = rules()
    if words and words[0] in known.past:
        return None
    best = len(SENIORITIES)
    intern = met = False
    for start, end, (rank, where) in known.phrases.find(words):
        met = True
        if where == "cut":
            if start > 0 or end > 1:
                del words[end:]
                break
        elif where != "none" and _counts(words, start, end, where, rank, known):
            intern = intern or rank == len(SENIORITIES) - 1
            best = min(best, rank)
    if intern:
        return "intern"
    if best < len(SENIORITIES):
        return SENIORITIES[best]
    return "entry" if met or any(value for _, _, value in known.occupations.find(words)) else None


def _counts(words: Sequence[str], start: int, end: int, where: Where, rank: int, known: Rules) -> bool:
    """Whether a matching phrase counts where it stands."""
    ends = end == len(words) or words[end] in ENDS
    if where == "last":
        return ends or words[end] in known.prepositions
    if where == "edge":
        return ends or _starts(words, start, known)
    return ends or rank > _LEADING or not _assists(words, end, known)


def _starts(words: Sequence[str], start: int, known: Rules) -> bool:
    """Whether the phrase follows the start of the part, or only words of `before`."""
    while start > 0 and words[start - 1] not in ENDS:
        start -= 1
        if words[start] not in known.before:
            return False
    return True


def _assists(words: Sequence[str], end: int, known: Rules) -> bool:
    """Whether the part of the title ends with a word such as `assistant`, without a preposition before."""
    while end < len(words) and (words[end] not in ENDS or words[end] in AND):
        if words[end] in known.prepositions and words[end] not in AND:
            return False
        end += 1
    return words[end - 1] in known.assist
