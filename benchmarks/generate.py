"""Data for benchmarks: companies and contacts of any number, the same for the same seed, with the shape of real data.

Countries, cities, industries, technologies and titles follow Zipf's law; a company uses 0 to 15 of 4,000 technologies
and has 1 to 5 places; contacts a company are heavy-tailed (at 10 million contacts of a million companies the largest
has over 200,000) and in random order; half of the companies were added on one day. Files have the form that
`letrics import` takes. --nights adds the changes of the nights after, --import-rows files to measure imports.

    python -m benchmarks.generate --companies 100000 --contacts 1000000 --out DIR [--seed N] [--gzip]
        [--format jsonl] [--format parquet] [--nights 10] [--import-rows 200000]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks.data.companies import Companies
from benchmarks.data.contacts import Contacts, employers
from benchmarks.data.draws import COMPANIES, CONTACTS, Draws
from benchmarks.data.files import write
from benchmarks.data.updates import imports, nights

__all__ = ["VERSION", "generate", "imports", "nights"]

VERSION: Final = 2
"""Raised when the same seed makes other data."""
_CHUNK: Final = 50_000
"""The rows that are drawn together."""


def _parts(count: int) -> Iterator[tuple[int, range]]:
    for part, start in enumerate(range(0, count, _CHUNK)):
        yield part, range(start, min(start + _CHUNK, count))


def company_rows(count: int, seed: int) -> Iterator[bytes]:
    rows = Companies()
    for part, numbers in _parts(count):
        yield "".join(rows.lines(numbers, Draws(seed, COMPANIES, part))).encode()


def contact_rows(count: int, companies: int, seed: int) -> Iterator[bytes]:
    rows, works_at = Contacts(count, seed), employers(count, companies, seed)
    for part, numbers in _parts(count):
        at = works_at[numbers.start : numbers.stop]
        yield "".join(rows.lines(numbers, at, Draws(seed, CONTACTS, part))).encode()


def generate(
    out: Path, companies: int, contacts: int, seed: int, compressed: bool = False, formats: Sequence[str] = ("jsonl",)
) -> tuple[Path, Path]:
    """Write both files unless they exist; the paths are those of the first format.

    `formats` are `jsonl` and `parquet`; `compressed` writes `.jsonl.gz`.
    """
    out.mkdir(parents=True, exist_ok=True)
    suffixes = [f"{name}.gz" if compressed and name == "jsonl" else name for name in formats]
    rows = {"companies": company_rows(companies, seed), "contacts": contact_rows(contacts, companies, seed)}
    for kind, chunks in rows.items():
        if missing := [path for suffix in suffixes if not (path := out / f"{kind}.{suffix}").exists()]:
            write(missing, chunks)
    return out / f"companies.{suffixes[0]}", out / f"contacts.{suffixes[0]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, default=100_000)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--format", choices=("jsonl", "parquet"), action="append", help="can be given twice")
    parser.add_argument("--gzip", action="store_true", help="JSON Lines as .jsonl.gz")
    parser.add_argument("--nights", type=int, default=0, help="also write the changes of this number of nights")
    parser.add_argument("--import-rows", type=int, default=0, help="also write files of this number of contacts")
    given = parser.parse_args()
    size = (given.out, given.companies, given.contacts, given.seed)
    if given.import_rows and (given.gzip or given.format == ["parquet"]):
        parser.error("--import-rows needs contacts.jsonl: neither --gzip nor --format parquet alone")
    generate(*size, compressed=given.gzip, formats=given.format or ["jsonl"])
    nights(*size, given.nights)
    if given.import_rows:
        imports(*size, given.import_rows)
    print(*sorted(given.out.iterdir()), sep="\n", file=sys.stderr)


if __name__ == "__main__":
    main()
