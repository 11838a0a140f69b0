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
from collections.abc import Iterator
from pathlib import Path
from typing import Final

SEED: Final = 17
"""The seed of the random draw."""
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
    """Draw (half, source, title): titles of all sources shuffled together, then halves A and B alternately.

    The source of the further titles is `leading`.
    """
    chance = random.Random(SEED)
    drawn: list[tuple[str, str]] = []
    known: set[str] = set()
    for name, (column, count) in SOURCES.items():
        titles = sorted({title for title in read_titles(folder / name, column) if title.lower() not in known})
        chosen = chance.sample(titles, count)
        known.update(title.lower() for title in chosen)
        drawn += [(name.partition(".")[0], title) for title in chosen]
    chance.shuffle(drawn)
    every = {title for name, (column, _) in SOURCES.items() for title in read_titles(folder / name, column)}
    leading = sorted(t for t in every if t.lower() not in known and _LEADING_WORD.search(t.lower()))
    drawn += [("leading", title) for title in chance.sample(leading, LEADING)]
    return [("AB"[at % 2], source, title) for at, (source, title) in enumerate(drawn)]


if __name__ == "__main__":
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("half", "source", "title"))
    writer.writerows(draw(Path(sys.argv[1])))
