"""What arrives in the nights after the data was first loaded: changes of companies and contacts, and new ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.data.companies import Companies
from benchmarks.data.contacts import Contacts, employers
from benchmarks.data.domains import domains
from benchmarks.data.draws import NIGHTS, Draws, Ints, zipf
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


def night_files(out: Path, night: int) -> tuple[Path, Path]:
    """The paths of the companies and the contacts of a night; the first night is 1."""
    return out / f"night-{night:02}.companies.jsonl", out / f"night-{night:02}.contacts.jsonl"


def write_nights(out: Path, companies: int, contacts: int, seed: int, nights: int) -> None:
    """Write the files of nights 1 to `nights`; each builds on those before."""
    rows, people = Companies(), Contacts(contacts, seed)
    works_at = employers(contacts, companies, seed)
    for night in range(1, nights + 1):
        draws = Draws(seed, NIGHTS, night)
        changed, others = night_files(out, night)
        new = _new(companies, night)
        write([changed], map(str.encode, _company_lines(rows, draws, companies, new)))
        write([others], map(str.encode, _contact_lines(people, draws, works_at, companies, night)))


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
    movers = those[titled:]
    works_at[movers] = draws.rng.integers(0, companies, moved)
    titles = people.title(draws, len(those))
    lines = [
        f'{{"id":"c{number}","company_domain":"{company}","job_title":{title}}}\n'
        for number, company, title in zip(those.tolist(), domains(works_at[those]), titles, strict=True)
    ]
    new = _new(contacts, night)
    known = _new(companies, night).stop
    lines += people.lines(new, _employers_of_new(draws, len(new), known), draws)
    draws.rng.shuffle(lines)
    yield from lines


def _employers_of_new(draws: Draws, count: int, known: int) -> Ints:
    """New people are at companies of any number, more at some than at others."""
    numbers: Ints = draws.rng.permutation(known)[draws.pick(zipf(known, 0.86), count)].astype(np.int64)
    return numbers
