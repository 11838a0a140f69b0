"""A home with every kind of row, and ways to damage its database: a bit of a cell, or two pages exchanged."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random
from typing import Any, Final

import apsw
from click.testing import CliRunner, Result

from letrics.cli import cli
from letrics.store.connection import open_sqlite

PEOPLE: Final = 40
_PAGE_BYTES: Final = 4096
_BITS: Final = (0, 1, 2, 3, 5, 8, 13, 20, 31, 32, 40, 62, 63)
"""The bits of numbers that are flipped."""
STATES: Final = ("contact_before", "company_before", "contact_merge", "import", "import_batch", "restored")
"""The tables that undo reads."""


def people(title: str) -> list[dict[str, Any]]:
    """Rows of contacts, which change nothing but their titles."""
    return [
        {"id": f"c{n}", "full_name": f"Ann Number{n}", "job_title": title, "emails": [f"ann{n}@mail.example"],
         "company_domain": f"f{n % 10}.example"}
        for n in range(PEOPLE)
    ]  # fmt: skip


def firms(**fields: Any) -> list[dict[str, Any]]:
    """Rows of companies."""
    return [{"domain": f"f{n}.example", "name": f"Firm {n}", **fields} for n in range(10)]


class DamagedHome:
    """A home directory, the commands that run on it, and the files that they import."""

    def __init__(self, path: Path, files: Path) -> None:
        self.path = path
        self.files = files

    @property
    def database(self) -> Path:
        return self.path / "letrics.db"

    def run(self, *words: object) -> Result:
        """Run a command. Raises what would be a traceback."""
        result = CliRunner().invoke(cli, ["--home", str(self.path), *map(str, words)], prog_name="letrics")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def lines(self, name: str, rows: list[dict[str, Any]]) -> Path:
        """Write rows to a file of this name."""
        path = self.files / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        return path

    def exported(self) -> set[str]:
        """The exported records; empty if they cannot be exported."""
        return {line for kind in ("companies", "contacts") for line in self.run("export", kind).stdout.splitlines()}

    def fill(self) -> None:
        """Add records, imports, merges, possible duplicates, forgotten people and deletions."""
        same = [{"full_name": "Bob Baker", "emails": [f"ann{n}@mail.example"]} for n in range(5)]
        for words in (
            ("import", self.lines("companies-1.jsonl", firms()), "--kind", "companies"),
            ("import", self.lines("contacts-1.jsonl", people("CEO"))),
            ("import", self.lines("contacts-2.jsonl", people("CFO"))),
            ("import", self.lines("companies-2.jsonl", firms(industries=["Steel"])), "--kind", "companies"),
            ("import", self.lines("contacts-3.jsonl", same), "--yes"),
            ("duplicates", "merge", "c10", "c11"),
            ("duplicates", "merge", "c12", "c10"),
            ("duplicates", "dismiss", "c13", "c14"),
            ("forget", "--yes", "ann20@mail.example"),
            ("delete", "contacts", "c22", "--yes"),
            ("count", "contacts"),
        ):
            assert self.run(*words).exit_code == 0, words


def flip_cell(path: Path, random: Random, tables: tuple[str, ...] = ()) -> str:
    """Flip one bit of a cell, in one of these tables or in any; returns where. The types stay those of the columns."""
    connection = open_sqlite(path)
    try:
        sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'migration'"
        names = tables or tuple(str(name) for (name,) in connection.execute(sql))
        while True:
            where = _flip(connection, random.choice(names), random)
            if where is not None:
                return where
    finally:
        connection.close()


def _flip(connection: apsw.Connection, table: str, random: Random) -> str | None:
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    rows: int = connection.execute(f"SELECT count(*) FROM {table}").get
    if not rows:
        return None
    key = [f'"{column[1]}"' for column in columns if column[5]]
    named, column = " AND ".join(f"{name} IS ?" for name in key), f'"{random.choice(columns)[1]}"'
    sql = f"SELECT {', '.join(key)} FROM {table} LIMIT 1 OFFSET {random.randrange(rows)}"
    [values] = connection.execute(sql).fetchall()
    value = connection.execute(f"SELECT {column} FROM {table} WHERE {named}", values).get
    changed = _flipped(value, random)
    if changed is None:
        return None
    cast = "CAST(? AS TEXT)" if isinstance(value, str) else "?"
    try:
        connection.execute(f"UPDATE {table} SET {column} = {cast} WHERE {named}", (changed, *values))
    except apsw.ConstraintError:
        return None
    return f"{table}.{column} of {values}: {value!r} is now {changed!r}"


def flip_document(path: Path, random: Random) -> str:
    """Change one letter of the document of a contact or company, so that it can still be decoded; returns which."""
    connection = open_sqlite(path)
    try:
        table = random.choice(("contact", "company"))
        rows: list[tuple[Any, ...]] = connection.execute(f"SELECT num, document FROM {table}").fetchall()
        num, document = random.choice(rows)
        places = [match.start() for match in re.finditer(rb"(?<=[a-z0-9 ])[a-x](?=[a-z0-9])", document)]
        data = bytearray(document)
        data[random.choice(places)] += 1
        connection.execute(f"UPDATE {table} SET document = ? WHERE num = ?", (bytes(data), num))
        return f"{table} {num}: {document!r} is now {bytes(data)!r}"
    finally:
        connection.close()


def _flipped(value: Any, random: Random) -> int | bytes | None:
    """The value with one bit changed, None if it has none."""
    if isinstance(value, int):
        return int.from_bytes(((value ^ 1 << random.choice(_BITS)) & (1 << 64) - 1).to_bytes(8), signed=True)
    data = bytearray(value.encode() if isinstance(value, str) else value or b"")
    if not data:
        return None
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return bytes(data)


def exchange_pages(path: Path, random: Random) -> str:
    """Exchange two pages of the file other than the first; returns which."""
    data = path.read_bytes()
    pages = [data[start : start + _PAGE_BYTES] for start in range(0, len(data), _PAGE_BYTES)]
    one, other = random.sample(range(1, len(pages)), 2)
    pages[one], pages[other] = pages[other], pages[one]
    path.write_bytes(b"".join(pages))
    return f"pages {one + 1} and {other + 1} of {len(pages)}"
