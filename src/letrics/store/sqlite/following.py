"""What followers read: the changes since a seq, the whole log, and how long deletions are remembered for them."""

from __future__ import annotations

import itertools
import time
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import apsw
import numpy as np

from letrics.store.base import Changes, Position
from letrics.store.connection import open_sqlite, read_rows, transaction
from letrics.store.joined import Joined
from letrics.store.sqlite.log import read_position

COMPANY: Final = 0
CONTACT: Final = 1
"""The kinds in the table of tombstones."""

SILENCE_MS: Final = 7 * 24 * 3600 * 1000
"""A follower that has said nothing for this long is forgotten, and must start over."""
_REPEAT_MS: Final = 3600 * 1000
"""A follower that has nothing new to say is written down again only after this long: every writing takes the lock."""

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
        companies = read_rows(connection, "SELECT num, document FROM company WHERE seq > ? AND seq <= ?", span)
        companies += read_rows(connection, _LATER_COMPANIES, (*span, position.seq))
        contacts = read_rows(connection, "SELECT num, company, document FROM contact WHERE seq > ? AND seq <= ?", span)
        gone = read_rows(connection, "SELECT kind, num FROM tombstone WHERE seq > ? AND seq <= ?", span)
    companies.sort()
    contacts.sort()
    company_nums, company_documents = _columns(companies, 2)
    contact_nums, contact_companies, contact_documents = _columns(contacts, 3)
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


def _columns(rows: list[tuple[Any, ...]], width: int) -> list[Any]:
    """The columns of rows: nums as machine integers, the documents (last) as a list."""
    if not rows:
        return [()] * width
    *nums, documents = zip(*rows, strict=True)
    return [*(array("q", column) for column in nums), list(documents)]


def scan_log(path: Path, size: int, share: tuple[int, int]) -> Iterator[Changes]:
    """What `Store.scan` gives, over a connection of its own, so that the log stands still for it alone."""
    connection = open_sqlite(path, read_only=True)
    try:
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


def _parts(
    connection: apsw.Connection, sql: str, size: int, first: int, end: int
) -> Iterator[tuple[Sequence[int], Sequence[int], Joined]]:
    """The nums of `size` records and less, of their companies, and the documents. SQLite joins some at a time in order
    of num, as it finds them: to make a row of each takes four times as long."""
    for start in range(first, end, size):
        stop = min(start + size, end)
        edges = [*range(start, stop, _JOINED), stop]
        rows = [read_rows(connection, sql, span)[0] for span in itertools.pairwise(edges)]
        nums, companies = (_numbers(row[column] for row in rows) for column in (0, 1))
        if nums:
            yield nums, companies, Joined([documents for _, _, documents in rows if documents], len(nums))


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
