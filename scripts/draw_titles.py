"""Draw job titles at random from open sources, to be labelled by hand for `benchmarks/titles.py`.

`python -m scripts.draw_titles SOURCE_DIR` writes CSV with the columns half, source and title to standard output.
SOURCE_DIR has the files named in `SOURCES`. The same sources and seed give the same titles.
"""

from __future__ import annotations

import csv
import gzip
import random
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

DRAWS: Final = (("A", 17, 1), ("A", 18, 2), ("A", 19, 2), ("A", 20, 2), ("A", 21, 2), ("B", 22, 2))
"""For each draw: the half, the seed, and by what the numbers of `SOURCES` and `LEADING` are divided."""
SOURCES: Final = {
    "onet_reported_titles.csv": ("title", 200),
    "onet_alternate_titles.csv.gz": ("title", 150),
    "job_titles_find_job_titles.txt.gz": (None, 204),
    "us_congress_committee_roles.csv": ("role", 6),
}
"""By file: the column of the titles (None for one title a line), and how many distinct titles are drawn."""
LEADING: Final = 120
"""How many further titles are drawn among those that name a leading role, because most titles of the sources do not."""
_LEADING_WORD: Final = re.compile(
    r"\b(?:head|director|president|vice|vp|chief|owner|founder|partner|manager|principal)\b"
)
"""Matches a word of a leading role."""


def read_titles(path: Path, column: str | None) -> Iterator[str]:
    """Yield the titles of a source file."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = content.decode().splitlines()
    if column is None:
        yield from (line.strip() for line in lines if line.strip())
    else:
        yield from (row[column].strip() for row in csv.DictReader(lines))


def draw(folder: Path) -> list[tuple[str, str, str]]:
    """Draw (half, source, title). The source of the further titles is `leading`. No title is drawn twice."""
    read = {name: set(read_titles(folder / name, column)) for name, (column, _) in SOURCES.items()}
    known: set[str] = set()
    rows: list[tuple[str, str, str]] = []
    for half, seed, share in DRAWS:
        chance = random.Random(seed)
        drawn: list[tuple[str, str]] = []

        def take(source: str, titles: Iterable[str], count: int) -> None:
            left = sorted(title for title in titles if title.lower() not in known)
            chosen = chance.sample(left, min(count // share, len(left)))  # noqa: B023 (called within the loop)
            known.update(title.lower() for title in chosen)
            drawn.extend((source, title) for title in chosen)  # noqa: B023

        for name, (_, count) in SOURCES.items():
            take(name.partition(".")[0], read[name], count)
        chance.shuffle(drawn)
        every = set().union(*read.values())
        take("leading", (title for title in every if _LEADING_WORD.search(title.lower())), LEADING)
        rows += [(half, source, title) for source, title in drawn]
    return rows


if __name__ == "__main__":
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("half", "source", "title"))
    writer.writerows(draw(Path(sys.argv[1])))
