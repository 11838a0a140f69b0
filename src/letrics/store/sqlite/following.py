"""What followers read: the changes since a seq, the whole log, and how long deletions are remembered for them."""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import apsw

from letrics.store.base import Changes, Position
from letrics.store.connection import open_sqlite, read_rows, transaction
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
            for rows in _parts(connection, "SELECT num, document FROM company", size, 0, companies_end):
                nums, documents = _columns(rows, 2)
                yield Changes(position, company_nums=nums, company_documents=documents)
            for rows in _parts(connection, "SELECT num, company, document FROM contact", size, first, end):
                nums, companies, documents = _columns(rows, 3)
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
) -> Iterator[list[tuple[Any, ...]]]:  # fmt: skip
    last = first - 1
    while rows := read_rows(connection, f"{sql} WHERE num > ? AND num < ? ORDER BY num LIMIT ?", (last, end, size)):
        yield rows
        last = rows[-1][0]


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
