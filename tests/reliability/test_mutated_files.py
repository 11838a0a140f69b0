"""Random mutations of the files that users have: no crash, no row lost in silence, each merge by a rule.

LETRICS_MUTATIONS in the environment is the number of files, and `--seed` repeats a run. `make reliability` imports
20,000 of them. A failure names the number of its file: LETRICS_MUTATION imports that one alone.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.kinds import UnclearKind, find_kind
from tests.cases.json_mutations import change_document, read_documents, write_document
from tests.cases.judged_import import Importing, Judged
from tests.cases.mutations import (
    Form,
    Table,
    change_table,
    damage,
    random_form,
    read_tables,
    shuffle_columns,
    write_randomly,
    write_table,
)

FILES: Final = int(os.environ.get("LETRICS_MUTATIONS", "200"))
"""The number of mutated files."""
ONLY: Final = os.environ.get("LETRICS_MUTATION")
"""The number of the only file to import, if it is set."""


def numbers(share: int) -> range:
    """The numbers of the files of a test that imports one in `share` of all files."""
    return range(int(ONLY), int(ONLY) + 1) if ONLY else range(FILES // share)


def mutated(tables: list[Table], seed: int, number: int) -> tuple[Table, Random]:
    """A table after up to four changes, and the source of further randomness."""
    random = Random(f"{seed} {number}")
    table = random.choice(tables)
    for _ in range(random.randint(0, 4)):
        table = change_table(table, tables, random)
    return table, random


def kept_order(table: Table, random: Random) -> list[int]:
    """A random order of the columns in which columns of one field keep theirs: the first with a value is preferred."""
    rows = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    try:
        kind = find_kind(f"{table.name}.csv", list(table.header))
    except UnclearKind:
        return list(range(len(table.header)))
    mapping = make_mapping(kind, list(table.header), rows)
    fields = {column.name: column.field or column.name for column in mapping.columns}
    order = random.sample(range(len(table.header)), len(table.header))
    same = {field: [at for at in range(len(order)) if fields[table.header[at]] == field] for field in fields.values()}
    return [same[fields[table.header[at]]].pop(0) for at in order]


def import_data(importing: Importing, path: Path, data: bytes, random: Random, name: str) -> None:
    """Import a file with these bytes, which a failure shows with `name`."""
    path.write_bytes(data)
    try:
        importing.run(path, strict=random.random() < 0.1)
    except BaseException as error:
        error.add_note(f"{name}: {path.name} {data!r}")
        raise
    path.unlink()


def test_mutated_file_loses_no_row(tmp_path: Path, seed: int) -> None:
    tables, importing = read_tables(), Importing(tmp_path)
    for number in numbers(1):
        table, random = mutated(tables, seed, number)
        ending, data = write_randomly(table, random)
        if random.random() < 0.4:
            data = damage(data, random)
        path = tmp_path / f"{table.name}{ending}"
        import_data(importing, path, data, random, f"file {number} of seed {seed}")


def test_mutated_json_loses_no_row(tmp_path: Path, seed: int) -> None:
    documents, importing = read_documents(), Importing(tmp_path)
    for number in numbers(2):
        random = Random(f"{seed} json {number}")
        document = random.choice(documents)
        for _ in range(random.randint(1, 6)):
            document = change_document(document, documents, random)
        ending, data = write_document(document, random)
        if random.random() < 0.1:
            data = damage(data, random)
        path = tmp_path / f"{document.name}{ending}"
        import_data(importing, path, data, random, f"file {number} of seed {seed}")


def test_form_of_a_file_does_not_change_its_records(tmp_path: Path, seed: int) -> None:
    tables, importing = read_tables(), Importing(tmp_path)
    for number in numbers(4):
        table, random = mutated(tables, seed, number)
        if len(set(table.header)) < len(table.header) or any("\x00" in cell for row in table.rows for cell in row):
            continue
        form, order = random_form(random), kept_order(table, random)
        if len(table.header) == 1:
            form = replace(form, delimiter=",")  # a single column shows no delimiter
        path = tmp_path / f"{table.name}.csv"
        outcomes: list[Judged] = []
        for each, how in ((table, Form()), (shuffle_columns(table, order), form)):
            path.write_bytes(write_table(each, how))
            outcomes.append(importing.run(path))
        plain, other = outcomes
        note = f"file {number} of seed {seed}: {form} {order} {write_table(table)!r}"
        assert (plain.message is None, plain.report.rows) == (other.message is None, other.report.rows), note
        assert plain.documents == other.documents, note
        if plain.message is None:
            assert plain.report.rows + plain.report.skipped >= len(table.rows), note
