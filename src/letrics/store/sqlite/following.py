"""What followers read: the changes since a seq, the whole log, and how long deletions are remembered for them."""

from __future__ import annotations

import itertools
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import apsw
import numpy as np

from letrics.store.base import Changes, Position, StoreReplaced
from letrics.store.connection import open_sqlite, read_rows, transaction
from letrics.store.joined import Joined
from letrics.store.opened import has_moved
from letrics.store.sqlite.log import read_position

COMPANY: Final = 0
CONTACT: Final = 1
"""The kinds in the table of tombstones."""

SILENCE_MS: Final = 7 * 24 * 3600 * 1000
"""A follower that has said nothing for this long is forgotten, and must start over."""
_REPEAT_MS: Final = 3600 * 1000
"""A follower that has nothing new to say is written down again only after this long: every writing takes the lock."""

_Records = tuple["array[int]", "array[int]", Sequence[bytes]]
"""Nums, the companies of contacts, and documents."""

_COMPANY_WORK: Final = 3
"""A company takes its readers as long as so many contacts: it has the more values."""

_JOINED: Final = 256
"""So many records' documents are joined: they stay in the processor's cache while they are read."""
_COMPANIES: Final = """
SELECT group_concat(num), '', CAST(group_concat(document) AS BLOB) FROM company WHERE num >= ? AND num < ?
"""
_CONTACTS: Final = """
SELECT group_concat(num), group_concat(company), CAST(group_concat(document) AS BLOB) FROM contact
WHERE num >= ? AND num < ?
"""
_CHANGED_COMPANIES: Final = """
SELECT group_concat(num), '', CAST(group_concat(document) AS BLOB) FROM company WHERE seq >= ? AND seq < ?
"""
_CHANGED_CONTACTS: Final = """
SELECT group_concat(num), group_concat(company), CAST(group_concat(document) AS BLOB) FROM contact
WHERE seq >= ? AND seq < ?
"""
_LATER_COMPANIES: Final = """
SELECT DISTINCT company.num, company.document FROM contact JOIN company ON company.num = contact.company
WHERE contact.seq > ? AND contact.seq <= ? AND company.seq > ?
"""


def read_changes(connection: apsw.Connection, after: int, limit: int) -> Changes | None:
    """What `Store.changes` gives.

    A record that changed again after the part's end comes in a later part, in its latest state; a company that
    did so and is needed by a contact of this part comes in both. Until the last part is applied, a follower may meet
    the deletion of a company before it hears that a contact has moved away from it.
    """
    with transaction(connection, "DEFERRED"):
        position = _end_of_part(connection, after, limit)
        if position is None:
            return None
        span = (after, position.seq)
        edges = after + 1, position.seq + 1
        companies = _joined(connection, _CHANGED_COMPANIES, *edges)
        contacts = _joined(connection, _CHANGED_CONTACTS, *edges)
        # Of the last part there are none. Each contact's company would be looked up to see it.
        if read_rows(connection, "SELECT 1 FROM company WHERE seq > ? LIMIT 1", (position.seq,)):
            later = read_rows(connection, _LATER_COMPANIES, (*span, position.seq))
            companies = _with_more(companies, later)
        gone = read_rows(connection, "SELECT kind, num FROM tombstone WHERE seq > ? AND seq <= ?", span)
    company_nums, _, company_documents = _in_order(*companies)
    contact_nums, contact_companies, contact_documents = _in_order(*contacts)
    return Changes(
        position,
        company_nums,
        company_documents,
        contact_nums,
        contact_companies,
        contact_documents,
        deleted_companies=sorted(num for kind, num in gone if kind == COMPANY),
        deleted_contacts=sorted(num for kind, num in gone if kind == CONTACT),
    )


def _end_of_part(connection: apsw.Connection, after: int, limit: int) -> Position | None:
    """Where the part that begins after `after` ends: with the last batch within `limit`, or else the next one."""
    pruned = connection.execute("SELECT pruned FROM log").get
    now = read_position(connection)
    if after < pruned:
        raise LookupError(f"deletions up to {pruned} are no longer kept, so changes since {after} cannot be told")
    if after > now.seq:
        raise LookupError(f"the log has come to {now.seq} and not to {after} yet")
    if after == now.seq:
        return None
    row = connection.execute(
        "SELECT seq, id FROM batch WHERE seq > ? AND seq <= ? ORDER BY seq DESC LIMIT 1", (after, after + max(limit, 1))
    ).fetchone()
    if row is None:
        row = connection.execute("SELECT seq, id FROM batch WHERE seq > ? ORDER BY seq LIMIT 1", (after,)).fetchone()
        assert row is not None, "the log's last seq is a batch's"
    return Position(now.log, *row)


def _with_more(companies: _Records, more: list[tuple[int, bytes]]) -> _Records:
    """The companies, and more of them."""
    nums, none, documents = companies
    return array("q", [*nums, *(num for num, _ in more)]), none, [*documents, *(document for _, document in more)]


def _in_order(nums: array[int], companies: array[int], documents: Sequence[bytes]) -> _Records:
    """The records in order of num. They are so where they came, or were last changed, in that order, as when a file is
    imported once more: their documents are then left joined."""
    found = np.asarray(nums)
    if np.all(found[1:] > found[:-1]):
        return nums, companies, documents
    order = np.argsort(found)
    ordered = [array("q", np.asarray(column)[order].tobytes()) if column else column for column in (nums, companies)]
    every = list(documents)
    return ordered[0], ordered[1], [every[at] for at in order.tolist()]


def scan_log(path: Path, size: int, share: tuple[int, int], check: Callable[[], None]) -> Iterator[Changes]:
    """What `Store.scan` gives, over a connection of its own, so that the log stands still for it alone. `check` raises
    StoreReplaced where the file at `path` is not the one that the store has open."""
    check()  # before it is opened: a missing file would be a failure of another kind
    connection = open_sqlite(path, read_only=True)
    try:
        check()
        if has_moved(connection):
            raise StoreReplaced(f"{path} was replaced by another file while it was in use")
        with transaction(connection, "DEFERRED"):
            position = read_position(connection)
            companies_end, first, end = _share(connection, share)
            for nums, _, documents in _parts(connection, _COMPANIES, size, 0, companies_end):
                yield Changes(position, company_nums=nums, company_documents=documents)
            for nums, companies, documents in _parts(connection, _CONTACTS, size, first, end):
                yield Changes(position, (), (), nums, companies, documents)
    finally:
        connection.close()


def _share(connection: apsw.Connection, share: tuple[int, int]) -> tuple[int, int, int]:
    """Where the companies of a share end, and where its contacts begin and end."""
    which, many = share
    companies, contacts = read_rows(connection, "SELECT next_company, next_contact FROM log")[0]
    work = _COMPANY_WORK * companies + contacts

    def edge(number: int) -> int:
        return max(0, work * number // many - _COMPANY_WORK * companies) if number < many else int(contacts)

    return companies if which == 0 else 0, edge(which), edge(which + 1)


def _parts(connection: apsw.Connection, sql: str, size: int, first: int, end: int) -> Iterator[_Records]:
    """The nums of `size` records and less, of their companies, and the documents."""
    for start in range(first, end, size):
        nums, companies, documents = _joined(connection, sql, start, min(start + size, end))
        if nums:
            yield nums, companies, documents


def _joined(connection: apsw.Connection, sql: str, first: int, end: int) -> _Records:
    """The nums of the records with numbers from `first` up to `end`, of their companies, and the documents. SQLite
    joins some at a time as it finds them, in order of the number asked for: to make a row of each takes four times as
    long."""
    edges = [*range(first, end, _JOINED), end]
    rows = [read_rows(connection, sql, span)[0] for span in itertools.pairwise(edges)]
    rows = [row for row in rows if row[0]]
    nums, companies = (_numbers(row[column] for row in rows) for column in (0, 1))
    sizes = [row[0].count(",") + 1 for row in rows]
    table = "company" if sql in (_COMPANIES, _CHANGED_COMPANIES) else "contact"
    return nums, companies, Joined([row[2] for row in rows], sizes, partial(_one_by_one, connection, table, nums))


def _one_by_one(connection: apsw.Connection, table: str, nums: array[int], first: int, end: int) -> list[bytes]:
    """The documents of some of the nums, as they are now; an empty one where a record is gone."""
    asked = nums[first:end]
    found = dict(
        read_rows(
            connection,
            f"SELECT r.num, r.document FROM carray(?) AS a CROSS JOIN {table} AS r ON r.num = a.value",  # noqa: S608
            (apsw.carray(asked),),
        )
    )
    return [found.get(num, b"") for num in asked]


def _numbers(texts: Iterable[str | None]) -> array[int]:
    """Numbers with commas between them, which numpy reads five times as fast as int."""
    text = ",".join(filter(None, texts))
    return array("q", np.fromstring(text, np.int64, sep=",").tobytes() if text else b"")


def register(connection: apsw.Connection, name: str, seq: int) -> None:
    """Write down how far a follower is, and forget the tombstones that no follower needs any more."""
    now = time.time_ns() // 1_000_000
    known = connection.execute("SELECT seq, seen FROM follower WHERE name = ?", (name,)).fetchone()
    if known is not None and known[0] == seq and 0 <= now - known[1] < _REPEAT_MS:
        return
    with transaction(connection):
        connection.execute("INSERT OR REPLACE INTO follower VALUES (?, ?, ?)", (name, seq, now))
        connection.execute("DELETE FROM follower WHERE seen < ?", (now - SILENCE_MS,))
        slowest = connection.execute("SELECT min(seq) FROM follower").get
        pruned = connection.execute("SELECT max(seq) FROM tombstone WHERE seq <= ?", (slowest,)).get
        if pruned is not None:
            connection.execute("DELETE FROM tombstone WHERE seq <= ?", (pruned,))
            connection.execute("UPDATE log SET pruned = ?", (pruned,))
