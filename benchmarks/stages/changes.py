"""Changes of the data: rows for the importer, and batches written directly to the log, whose commit time is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from letrics.ingest.mapping import mapper
from letrics.records import Kind
from letrics.settings import Home
from letrics.store.sqlite import SqliteStore

Row = dict[str, Any]


def contacts_with_new_titles(data: Path, count: int, start: int = 0) -> Iterator[Row]:
    """`count` contacts of the data from number `start` on, each with a job title that no other has."""
    with (data / "contacts.jsonl").open("rb") as lines:
        for at, line in enumerate(islice(lines, start, start + count), start):
            yield {**msgspec.json.decode(line), "job_title": f"Keeper of Lighthouse {at}"}


def write_rows(path: Path, rows: Iterable[Row]) -> Path:
    path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    return path


def put(home: Path, kind: Kind, rows: Iterable[Row]) -> None:
    """Write rows as one batch; it is committed when this returns."""
    read: Any = mapper(kind, False, None).read
    patches: list[Any] = [read(row) for row in rows]
    with SqliteStore.open(Home(home).database, create=False) as store:
        (store.put_companies if kind == "companies" else store.put_contacts)(patches)
