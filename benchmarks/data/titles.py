"""Job titles: the most common first, then all other real ones, then as many composed ones as needed.

README.md names the sources of the real ones. Composed ones have a level, a real title, and often a subject, team,
product or place that few others have, with punctuation of all kinds.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks.data.vocabulary import WORDS

REPORTED: Final = "reported.txt.gz"
"""Real titles that many people have."""
OTHERS: Final = "titles.txt.gz"
"""All other real titles."""

_JOINTS: Final = (" - ", ", ", " / ", " (", " | ", " & ", " – ", " @ ", ": ", " ")
_MARKS: Final = ("I", "II", "III", "IV", "2", "3", "EMEA", "APAC", "DACH", "North", "South", "Night Shift", "(m/w/d)")


def _listed(name: str) -> list[str]:
    return gzip.decompress((Path(__file__).parent / name).read_bytes()).decode().splitlines()


def in_other_languages() -> list[str]:
    """Some hundred titles in a dozen languages and scripts."""
    made = (
        language["form"].format(subject, role)
        for language in WORDS["languages"]
        for subject in language["subjects"].split()
        for role in language["roles"].split()
    )
    return list(dict.fromkeys([*WORDS["other_titles"], *made]))


def real_titles() -> list[str]:
    """All titles that are not composed, sorted."""
    return sorted({*_listed(REPORTED), *_listed(OTHERS), *in_other_languages(), *WORDS["top_titles"]})


def titles(count: int, seed: int) -> list[str]:
    """`count` distinct titles, the most common first; the same for the same arguments."""
    rng = random.Random(seed)
    usual = [f"{subject} {role}" for role in WORDS["roles"] for subject in WORDS["subjects"]]
    usual += _listed(REPORTED) + in_other_languages()
    others = _listed(OTHERS)
    rng.shuffle(usual)
    rng.shuffle(others)
    found = dict.fromkeys([*WORDS["top_titles"], *usual, *others])
    real = list(found)[:count]
    found = dict.fromkeys(real)
    rare = rare_words(rng, min(60_000, max(1_000, count // 4)))
    for title in _made(rng, real, rare):
        if len(found) >= count:
            break
        found[title] = None
    return list(found)


def rare_words(rng: random.Random, count: int) -> list[str]:
    """`count` distinct invented words, as project, product and team names are."""
    found: dict[str, None] = {}
    while len(found) < count:
        parts = rng.choice((1, 2, 2, 3))
        word = "".join(
            rng.choice(WORDS["onsets"]) + rng.choice(WORDS["nuclei"]) + rng.choice(WORDS["codas"]) for _ in range(parts)
        )
        found[word.capitalize()] = None
    return list(found)


def _made(rng: random.Random, real: Sequence[str], rare: Sequence[str]) -> Iterator[str]:
    while True:
        title = rng.choice(WORDS["levels"]) + real[int(rng.random() ** 2 * len(real))]
        shape = rng.random()
        if shape < 0.35:
            title = _joined(rng, title, rng.choice(WORDS["subjects"]))
        elif shape < 0.78:
            title = _joined(rng, title, rng.choice(rare))
        elif shape < 0.84:
            title += " " + rng.choice(_MARKS)
        elif shape < 0.87:
            title = title.upper()
        elif shape < 0.9:
            title = title.lower()
        elif shape < 0.95:
            title = _joined(rng, title, rng.choice(WORDS["other_titles"]))
        yield title[:200].rstrip()


def _joined(rng: random.Random, title: str, more: str) -> str:
    joint = rng.choice(_JOINTS)
    return title + joint + more + (")" if joint == " (" else "")
