"""Changes of the data made by stages: rows for the importer, and batches written straight to the log, whose moment of
commit is then known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from letrics.ingest.mapping import mapper
from letrics.records import Kind
from letrics.store.sqlite import SqliteStore

Row = dict[str, Any]


def changed_contacts(data: Path, count: int, start: int = 0) -> Iterator[Row]:
    """`count` contacts of the data from number `start` on, each with a job title of its own."""
    with (data / "contacts.jsonl").open("rb") as lines:
        for at, line in enumerate(islice(lines, start, start + count)):
            row: Row = msgspec.json.decode(line)
            yield {**row, "job_title": f"Keeper of Lighthouse {start + at}"}


def write_rows(path: Path, rows: Iterable[Row]) -> Path:
    path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    return path


def put(home_database: Path, kind: Kind, rows: Iterable[Row]) -> int:
    """Write rows as one batch; they are in the log when this returns. Returns how many were new or changed."""
    read: Any = mapper(kind, False, None).read
    patches: list[Any] = [read(row) for row in rows]
    with SqliteStore.open(home_database, create=False) as store:
        tally = store.put_companies(patches) if kind == "companies" else store.put_contacts(patches)
    return tally.new + tally.changed


def largest_company(home_database: Path) -> tuple[str, int]:
    """The domain of the company with most contacts, and how many it has."""
    import apsw

    database = apsw.Connection(str(home_database), flags=apsw.SQLITE_OPEN_READONLY)
    biggest = "SELECT company, count(*) FROM contact GROUP BY company ORDER BY count(*) DESC LIMIT 1"
    num, contacts = next(database.execute(biggest))
    domain = next(database.execute("SELECT domain FROM company WHERE num = ?", (num,)))[0]
    database.close()
    return str(domain), int(contacts)
