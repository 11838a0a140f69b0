"""The accuracy of the rules for job titles, on titles labelled by hand.

`python -m benchmarks.titles [--half A] [--wrong]` prints the share of right seniorities and departments by half and
source. `--wrong` lists the titles that are wrong.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from letrics.normalize.titles import derive

LABELLED: Final = Path(__file__).parent / "data" / "labelled_titles.csv"
"""The titles. An empty label says that the title implies nothing."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled title, with what was expected and what the rules say, each as (seniority, department)."""

    half: str
    source: str
    title: str
    expected: tuple[str, str]
    derived: tuple[str, str]


def judge(path: Path = LABELLED) -> list[Judged]:
    """Apply the rules to all titles of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    judged = []
    for row in rows:
        meaning = derive(row["title"])
        judged.append(
            Judged(
                half=row["half"],
                source=row["source"],
                title=row["title"],
                expected=(row["seniority"], row["department"]),
                derived=(meaning.seniority or "", meaning.department or ""),
            )
        )
    return judged


def accuracy(judged: Sequence[Judged]) -> tuple[float, float]:
    """The shares of titles with the right seniority and the right department."""
    return tuple(sum(one.expected[i] == one.derived[i] for one in judged) / len(judged) for i in (0, 1))  # type: ignore[return-value]


def report(judged: Sequence[Judged]) -> Iterable[str]:
    """One line by half, and by half and source."""
    yield f"{'half':<5}{'source':<32}{'titles':>7}{'seniority':>11}{'department':>12}"
    for half in sorted({one.half for one in judged}):
        of_half = [one for one in judged if one.half == half]
        for source in ("", *sorted({one.source for one in of_half})):
            chosen = [one for one in of_half if source in ("", one.source)]
            seniority, department = accuracy(chosen)
            yield f"{half:<5}{source or 'all':<32}{len(chosen):>7}{seniority:>11.3f}{department:>12.3f}"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure the rules for job titles.")
    parser.add_argument("--half", choices=("A", "B"), help="only one half of the titles")
    parser.add_argument("--wrong", action="store_true", help="list the titles that are wrong")
    options = parser.parse_args(arguments)
    judged = [one for one in judge() if options.half in (None, one.half)]
    if options.wrong:
        for one in judged:
            if one.expected != one.derived:
                print(one.title, "expected", *one.expected, "derived", *one.derived, sep=" | ")
    print(*report(judged), sep="\n")


if __name__ == "__main__":
    main()
