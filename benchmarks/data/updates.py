"""Changes after the data was first loaded: the files of nights, and files to measure imports with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np

from benchmarks.data.companies import Companies
from benchmarks.data.contacts import Contacts, employers
from benchmarks.data.domains import domains
from benchmarks.data.draws import IMPORTS, NIGHTS, Draws, Ints, zipf
from benchmarks.data.files import write

CHANGED_COMPANIES: Final = 0.207
"""The share of the first companies that have a row in a night, different ones each night. 20 % change; the others get
the values that they had."""
CHANGED_TITLES: Final = 0.002
"""The share of the first contacts with a new title in a night."""
MOVED: Final = 0.001
"""The share of the first contacts with a new company in a night."""
NEW: Final = 0.002
"""The number of new contacts and companies in a night, as a share of the first ones."""
_CHUNK: Final = 50_000


class ImportFiles(NamedTuple):
    """The paths of files of contacts, by what they are to a database with contacts.jsonl."""

    new: Path
    changed: Path
    unchanged: Path


def nights(out: Path, companies: int, contacts: int, seed: int, count: int) -> list[tuple[Path, Path]]:
    """The files of `count` nights, companies and contacts of each; written unless they exist. Each builds on those
    before."""
    numbers = range(1, count + 1)
    files = [(out / f"night-{n:02}.companies.jsonl", out / f"night-{n:02}.contacts.jsonl") for n in numbers]
    if all(path.exists() for pair in files for path in pair):
        return files
    rows, people = Companies(), Contacts(contacts, seed)
    works_at = employers(contacts, companies, seed)
    for night, (changed, others) in zip(numbers, files, strict=True):
        draws = Draws(seed, NIGHTS, night)
        new = _new(companies, night)
        write([changed], map(str.encode, _company_lines(rows, draws, companies, new)))
        write([others], map(str.encode, _contact_lines(people, draws, works_at, companies, night)))
    return files


def _new(count: int, night: int) -> range:
    """Numbers of the records that are new in a night."""
    a_night = int(count * NEW)
    return range(count + (night - 1) * a_night, count + night * a_night)


def _company_lines(rows: Companies, draws: Draws, companies: int, new: range) -> Iterator[str]:
    changed = draws.some_of(companies, int(companies * CHANGED_COMPANIES))
    for start in range(0, len(changed), _CHUNK):
        yield from rows.changes(changed[start : start + _CHUNK], draws)
    yield from rows.lines(new, draws)


def _contact_lines(people: Contacts, draws: Draws, works_at: Ints, companies: int, night: int) -> Iterator[str]:
    """Changes `works_at` as people move."""
    contacts = len(works_at)
    titled, moved = int(contacts * CHANGED_TITLES), int(contacts * MOVED)
    those = draws.some_of(contacts, titled + moved)
    works_at[those[titled:]] = draws.rng.integers(0, companies, moved)
    titles = people.title(draws, len(those))
    lines = [
        f'{{"id":"c{number}","company_domain":"{company}","job_title":{title}}}\n'
        for number, company, title in zip(those.tolist(), domains(works_at[those]), titles, strict=True)
    ]
    new = _new(contacts, night)
    known = _new(companies, night).stop  # new people work at any company, more at some than at others
    at = draws.rng.permutation(known)[draws.pick(zipf(known, 0.86), len(new))].astype(np.int64)
    lines += people.lines(new, at, draws)
    draws.rng.shuffle(lines)
    yield from lines


def imports(out: Path, companies: int, contacts: int, seed: int, rows: int) -> ImportFiles:
    """Three files of `rows` contacts each, in random order, written unless they exist; `out` has contacts.jsonl.

    A new contact has an id that neither the data nor its nights have, and a company that others have. A changed one is
    a whole row with another job title, an unchanged one the same bytes; no contact is in both files.
    """
    files = ImportFiles(*(out / f"{name}.contacts.jsonl" for name in ImportFiles._fields))
    if all(path.exists() for path in files):
        return files
    draws, people = Draws(seed, IMPORTS), Contacts(contacts, seed)
    numbers = range(2 * contacts, 2 * contacts + rows)
    at = employers(contacts, companies, seed)[draws.rng.integers(0, contacts, rows)]
    write([files.new], map(str.encode, people.lines(numbers, at, draws)))
    lines = _lines(out / "contacts.jsonl", draws.some_of(contacts, 2 * rows).tolist())
    half = len(lines) // 2
    titles = people.title(draws, half)
    write([files.changed], map(_with_title, lines[:half], titles))
    write([files.unchanged], lines[half:])
    return files


def _lines(path: Path, numbers: Sequence[int]) -> list[bytes]:
    """The lines with these numbers, in the order of the numbers."""
    wanted = set(numbers)
    with path.open("rb") as file:
        found = {number: line for number, line in enumerate(file) if number in wanted}
    return [found[number] for number in numbers]


def _with_title(line: bytes, title: str) -> bytes:
    """The row with this job title (JSON), or with a different one if it already had this title."""
    row = msgspec.json.decode(line)
    new = msgspec.json.decode(title)
    row["job_title"] = new if new != row["job_title"] else f"Senior {new}"
    return msgspec.json.encode(row) + b"\n"
