"""Random changes of tables and of the files that hold them, as programs and people make them."""

from __future__ import annotations

import csv
import gzip
import io
import json
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from tests.cases.importing import INPUTS
from tests.ingest.workbooks import workbook

PLACEHOLDERS: Final = (
    "", "n/a", "N/A", "NA", "#N/A", "#REF!", "NULL", "None", "nan", "-", "--", "?", "unknown", "\\N", "No email found",
    "email_not_unlocked@domain.com", "not a value", "0", "=1+1", "'", '"', ",", ";", "@", "http://", "\u200b",
    "\U0001f680",
)  # fmt: skip
"""Cells that programs and people write where there is no value, and cells that are no value of any column."""
NOISE: Final = (
    " ",
    "\u00a0",
    "\u200b",
    "\ufeff",
    "\t",
    "\n",
    '"',
    "'",
    ",",
    ";",
    "|",
    "&amp;",
    "\x00",
    "\u202e",
    "x" * 300,
)
"""What copying and exporting adds to cells."""
UNTIDY: Final = (
    "companies_with_subtotals", "companies_with_totals", "contacts_below_a_title", "contacts_below_groups",
    "contacts_below_groups_of_accounts", "contacts_of_excel",
    "contacts_of_salesforce", "contacts_with_a_footer",
)  # fmt: skip
"""Inputs with lines that are not rows of a table."""


@dataclass(frozen=True)
class Table:
    """The header and the rows of a file. `name` begins with the kind of its records."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Form:
    """How a table is written as text."""

    delimiter: str = ","
    encoding: str = "utf-8"
    line_end: str = "\n"
    quote_all: bool = False


def read_tables() -> list[Table]:
    """The tables of all CSV inputs."""
    tables = []
    for path in sorted(INPUTS.glob("*.csv")):
        if path.stem not in UNTIDY:
            text = path.read_text("utf-8-sig").lstrip("\ufeff")
            delimiter = ";" if ";" in text.partition("\n")[0].partition(",")[0] else ","
            header, *rows = (tuple(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row)
            width = len(header)
            tables.append(Table(path.stem, header, tuple((row + ("",) * width)[:width] for row in rows)))
    return tables


def write_table(table: Table, form: Form = Form()) -> bytes:
    """A table as a CSV file."""
    out = io.StringIO()
    quote_all = form.quote_all or form.line_end == "\r"  # with which a line feed in a cell is not quoted
    csv.writer(
        out,
        delimiter=form.delimiter,
        lineterminator=form.line_end,
        quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL,
    ).writerows([table.header, *table.rows])
    return out.getvalue().encode(form.encoding, "replace")


def random_form(random: Random) -> Form:
    """A form that is recognised without options."""
    return Form(
        random.choice(",;\t|"),
        random.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")),
        random.choice(("\n", "\n", "\r\n", "\r")),
        random.random() < 0.3,
    )


def shuffle_columns(table: Table, order: list[int]) -> Table:
    """The table with its columns in another order."""
    return replace(
        table,
        header=tuple(table.header[place] for place in order),
        rows=tuple(tuple(row[place] for place in order) for row in table.rows),
    )


def change_table(table: Table, others: list[Table], random: Random) -> Table:
    """The table after one random change of its columns, rows or cells."""
    header, rows = list(table.header), [list(row) for row in table.rows]
    place, row = random.randrange(len(header)), random.choice(rows) if rows else []
    match random.randrange(11):
        case 0:
            order = random.sample(range(len(header)), len(header))
            return shuffle_columns(table, order)
        case 1:  # the same column again, perhaps in another spelling
            header.append(random.choice((header[place], header[place].upper(), f" {header[place]}*")))
            for each in rows:
                each.append(random.choice((each[place], "", "other")))
        case 2 if len(header) > 1:
            del header[place]
            for each in rows:
                del each[place]
        case 3 if row:
            other = random.choice(rows)
            at = random.randrange(len(header))
            row[place], other[at] = other[at], row[place]
        case 4 if row:
            row[place] = random.choice(PLACEHOLDERS)
        case 5:
            for each in rows:
                if random.random() < 0.5:
                    each[place] = random.choice(PLACEHOLDERS)
        case 6 if row:
            source = random.choice(others)
            row[place] = random.choice(random.choice(source.rows)) if source.rows else ""
        case 7 if row:
            at = random.randint(0, len(row[place]))
            row[place] = row[place][:at] + random.choice(NOISE) + row[place][at:]
        case 8 if row:
            rows.insert(random.randint(0, len(rows)), list(row))
        case 9:
            spelled = header[place]
            header[place] = random.choice(
                (spelled.upper(), spelled.replace(" ", "_"), f"{spelled}:", f"\u200b{spelled}", spelled[:-1], "")
            )
        case _:
            random.shuffle(rows)
    return Table(table.name, tuple(header), tuple(map(tuple, rows)))


def write_randomly(table: Table, random: Random) -> tuple[str, bytes]:
    """The end of a file's name, and the table as a file of that form."""
    records = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    match random.randrange(12):
        case 0:
            return ".xlsx", workbook({"Sheet1": [table.header, *table.rows]})
        case 1:
            return ".jsonl", "".join(json.dumps(record) + "\n" for record in records).encode()
        case 2:
            return ".json", json.dumps(records, indent=random.choice((None, 1)), ensure_ascii=False).encode()
        case 3:
            return ".csv.gz", gzip.compress(write_table(table, random_form(random)))
        case 4:
            return ".csv", write_table(table, replace(random_form(random), encoding="cp1252"))
        case _:
            return random.choice((".csv", ".csv", ".tsv", ".txt")), write_table(table, random_form(random))


def damage(data: bytes, random: Random) -> bytes:
    """The file after a random damage: cut off, bytes changed, lost, added or repeated."""
    if not data:
        return data
    some, end = sorted((random.randrange(len(data)), random.randrange(len(data))))
    match random.randrange(6):
        case 0:
            return data[:some]
        case 1:
            return data[:some] + random.randbytes(random.randint(1, 4)) + data[some + 1 :]
        case 2:
            return data[:some] + data[min(end, some + 40) :]
        case 3:
            return data[:some] + bytes([random.choice(b'",;\r\n\t\x00\\')]) + data[some:]
        case 4:
            return data[:end] + data[some:]
        case _:
            return data + random.choice((b"\x1a", b"\x00" * 20, b"\n\n\n", b'"', b"Total;;\n", b"\xff"))
