"""Files to measure imports with: contacts that are new, changed or unchanged to a database holding contacts.jsonl."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from benchmarks.data.contacts import Contacts, employers
from benchmarks.data.draws import IMPORTS, Draws
from benchmarks.data.files import write


class ImportFiles(NamedTuple):
    """The paths of the three files."""

    new: Path
    changed: Path
    unchanged: Path


def import_files(out: Path) -> ImportFiles:
    return ImportFiles(*(out / f"{name}.contacts.jsonl" for name in ImportFiles._fields))


def write_import_files(out: Path, companies: int, contacts: int, seed: int, rows: int) -> ImportFiles:
    """Write three files of `rows` contacts each, in random order; known contacts are those of `out`/contacts.jsonl.

    A new contact has an id that neither the data nor its nights have, and a company that others have. A changed one is
    a whole row with another job title, an unchanged one the same bytes; no contact is in both files.
    """
    files = import_files(out)
    draws, people = Draws(seed, IMPORTS), Contacts(contacts, seed)
    numbers = range(2 * contacts, 2 * contacts + rows)
    at = employers(contacts, companies, seed)[draws.rng.integers(0, contacts, rows)]
    write([files.new], [line.encode() for line in people.lines(numbers, at, draws)])
    picked = draws.some_of(contacts, 2 * rows)
    lines = _lines(out / "contacts.jsonl", picked.tolist())
    half = len(lines) // 2
    titles = people.title(draws, half)
    write([files.changed], (_titled(line, title) for line, title in zip(lines[:half], titles, strict=True)))
    write([files.unchanged], lines[half:])
    return files


def _lines(path: Path, numbers: Sequence[int]) -> list[bytes]:
    """The lines with these numbers, in the order of the numbers."""
    wanted = set(numbers)
    with path.open("rb") as file:
        found = {number: line for number, line in enumerate(file) if number in wanted}
    return [found[number] for number in numbers]


def _titled(line: bytes, title: str) -> bytes:
    """The row with this job title (JSON), or with a different one if it already had this title."""
    row = msgspec.json.decode(line)
    new = msgspec.json.decode(title)
    row["job_title"] = new if new != row["job_title"] else f"Senior {new}"
    return msgspec.json.encode(row) + b"\n"
