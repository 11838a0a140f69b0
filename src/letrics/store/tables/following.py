"""Reads for followers: the changes since a seq, the whole log, and how long tombstones stay stored."""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from letrics.store.base import Changes, Position, StoreDamaged
from letrics.store.sql import SqlConnection, read_rows, read_value
from letrics.store.tables.checksums import intact_documents
from letrics.store.tables.log import NUMS_WITHOUT_SEQ, Numbers, read_position

COMPANY: Final = 0
"""The kind of a company in the table of tombstones."""
CONTACT: Final = 1
"""The kind of a contact in the table of tombstones."""

SILENCE_MS: Final = 7 * 24 * 3600 * 1000
"""Milliseconds (7 days) after its last call at which a follower is removed. It must then start over."""
_REPEAT_MS: Final = 3600 * 1000
"""Milliseconds (1 hour) between two writes for a follower with an unchanged seq, because each write takes the lock."""

_Records = tuple["array[int]", "array[int]", Sequence[bytes]]
"""Nums, the nums of their companies, and documents."""

_COMPANY_WORK: Final = 3
"""Decoding a company costs about as much as decoding 3 contacts, because it has more values."""

_COMPANIES: Final = "SELECT num, num, document, checksum FROM company WHERE num >= ? AND num < ? ORDER BY num"
_CONTACTS: Final = "SELECT num, company, document, checksum FROM contact WHERE num >= ? AND num < ? ORDER BY num"
_CHANGED_COMPANIES: Final = "SELECT num, num, document, checksum FROM company WHERE seq >= ? AND seq < ?"
_CHANGED_CONTACTS: Final = "SELECT num, company, document, checksum FROM contact WHERE seq >= ? AND seq < ?"
_LATER_COMPANIES: Final = """
SELECT DISTINCT company.num, company.num, company.document, company.checksum
FROM contact JOIN company ON company.num = contact.company
WHERE contact.seq > ? AND contact.seq <= ? AND company.seq > ?
"""

_FOLLOW: Final = """
INSERT INTO follower (name, seq, seen) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, seen = excluded.seen
"""


def read_changes(connection: SqlConnection, after: int, limit: int) -> Changes | None:
    """Read one part of the changes, as `Store.changes` returns it.

    A record that changed again after the end of the part comes in a later part, in its latest state. If it is the
    company of a contact in this part, it comes in both parts. Until the last part is applied, a follower may see the
    deletion of a company before it sees that a contact has moved away from that company.
    """
    with connection.reading():
        position = _end_of_part(connection, after, limit)
        if position is None:
            return None
        span = (after, position.seq)
        edges = after + 1, position.seq + 1
        companies = _read(connection, "company", _CHANGED_COMPANIES, *edges)
        contacts = _read(connection, "contact", _CHANGED_CONTACTS, *edges)
        # The last part has no later companies. This check avoids looking up the company of each contact.
        if read_rows(connection, "SELECT 1 FROM company WHERE seq > ? LIMIT 1", (position.seq,)):
            later = _read(connection, "company", _LATER_COMPANIES, *span, position.seq)
            companies = _with_more(companies, later)
        ends = _ends(connection)
        gone = _deleted(connection, span, ends)
        for table, records in (("company", companies), ("contact", contacts)):
            _require_assigned(connection, table, records, ends)
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


def _require_assigned(connection: SqlConnection, table: str, records: _Records, ends: tuple[int, int]) -> None:
    """Raise StoreDamaged for a record with a num, or a num of its company, far above those that the log has assigned.
    An index allocates memory for all nums up to the highest one."""
    nums, companies, _ = records
    for values, end in ((nums, ends[0 if table == "company" else 1]), (companies, ends[0])):
        found = np.asarray(values)
        wrong = np.flatnonzero((found < 0) | (found >= end + NUMS_WITHOUT_SEQ))
        if len(wrong):
            raise StoreDamaged(connection.database, table, nums[wrong[0]])


def _deleted(connection: SqlConnection, span: tuple[int, int], all_ends: tuple[int, int]) -> list[tuple[int, int]]:
    """The kinds and nums of the deletions in a span. Raises StoreDamaged for one that no record can have had."""
    ends = dict(zip((COMPANY, CONTACT), all_ends, strict=True))
    found = list[tuple[int, int]]()
    for seq, kind, num in read_rows(
        connection, "SELECT seq, kind, num FROM tombstone WHERE seq > ? AND seq <= ?", span
    ):
        if not isinstance(num, int) or not 0 <= num < ends.get(kind, 0):
            raise StoreDamaged(connection.database, "tombstone", seq)
        found.append((kind, num))
    return found


def _ends(connection: SqlConnection) -> tuple[int, int]:
    """The next num of a company and of a contact."""
    numbers = Numbers.read(connection)
    return numbers.next_company, numbers.next_contact


def _end_of_part(connection: SqlConnection, after: int, limit: int) -> Position | None:
    """The end of the part that begins after `after`: the last batch within `limit` changes, or else the next batch."""
    pruned = read_value(connection, "SELECT pruned FROM log")
    now = read_position(connection)
    if not isinstance(pruned, int) or pruned > now.seq:  # a follower would start over again and again
        raise StoreDamaged(connection.database, "log", 1)
    if after < pruned:
        raise LookupError(f"deletions up to {pruned} are no longer stored, so changes since {after} are not available")
    if after > now.seq:
        raise LookupError(f"the log is at {now.seq} and has not reached {after}")
    if after == now.seq:
        return None
    row = connection.execute(
        "SELECT seq, id FROM batch WHERE seq > ? AND seq <= ? ORDER BY seq DESC LIMIT 1", (after, after + max(limit, 1))
    ).fetchone()
    if row is None:
        row = connection.execute("SELECT seq, id FROM batch WHERE seq > ? ORDER BY seq LIMIT 1", (after,)).fetchone()
        if row is None:  # the log's last seq is the end of a batch
            raise StoreDamaged(connection.database, "batch", now.seq)
    return Position(now.log, *row)


def _with_more(companies: _Records, more: _Records) -> _Records:
    """The companies with `more` companies appended."""
    nums, _, documents = companies
    every = nums + more[0]
    return every, every, [*documents, *more[2]]


def _in_order(nums: array[int], companies: array[int], documents: Sequence[bytes]) -> _Records:
    """The records in order of num."""
    found = np.asarray(nums)
    if np.all(found[1:] > found[:-1]):
        return nums, companies, documents
    order = np.argsort(found)
    in_order = [array("q", np.asarray(column)[order].tobytes()) for column in (nums, companies)]
    return in_order[0], in_order[1], [documents[at] for at in order.tolist()]


def scan_log(connection: SqlConnection, size: int, share: tuple[int, int]) -> Iterator[Changes]:
    """Read the whole log as `Store.scan` does, in one transaction of the connection."""
    with connection.reading():
        position = read_position(connection)
        companies_end, first, end = _share(connection, share)
        for nums, _, documents in _parts(connection, "company", _COMPANIES, size, 0, companies_end):
            yield Changes(position, company_nums=nums, company_documents=documents)
        ends = _ends(connection)
        for nums, companies, documents in _parts(connection, "contact", _CONTACTS, size, first, end):
            _require_assigned(connection, "contact", (nums, companies, documents), ends)
            yield Changes(position, (), (), nums, companies, documents)


def _share(connection: SqlConnection, share: tuple[int, int]) -> tuple[int, int, int]:
    """The end of the companies of a share, and the first num and the end of its contacts."""
    which, many = share
    companies, contacts = _ends(connection)
    work = _COMPANY_WORK * companies + contacts

    def edge(number: int) -> int:
        return max(0, work * number // many - _COMPANY_WORK * companies) if number < many else contacts

    return companies if which == 0 else 0, edge(which), edge(which + 1)


def _parts(
    connection: SqlConnection, table: str, sql: str, size: int, first: int, end: int
) -> Iterator[_Records]:  # fmt: skip
    """Parts of at most `size` records: nums, company nums and documents. Empty parts are omitted."""
    for start in range(first, end, size):
        nums, companies, documents = _read(connection, table, sql, start, min(start + size, end))
        if nums:
            yield nums, companies, documents


def _read(connection: SqlConnection, table: str, sql: str, *values: int) -> _Records:
    """The records of a table that the `sql` finds, with the checksums of documents. A damaged document is empty."""
    rows = read_rows(connection, sql, values)
    for column, type_ in zip(zip(*rows, strict=True), (int, int, bytes), strict=False):
        if not {type_}.issuperset(map(type, column)):
            key = next(row[0] for row, value in zip(rows, column, strict=True) if type(value) is not type_)
            raise StoreDamaged(connection.database, table, key)
    nums = array("q", [row[0] for row in rows])
    documents = intact_documents(nums, [row[2] for row in rows], [row[3] for row in rows])
    return nums, array("q", [row[1] for row in rows]), documents


def register(connection: SqlConnection, name: str, seq: int, now_ms: int | None = None) -> None:
    """Write the seq of a follower, and delete the tombstones that no follower needs any more.

    `now_ms` is the current time in milliseconds since 1970; None asks the system.
    """
    if connection.is_read_only:  # nothing is deleted there
        return
    now = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    known = connection.execute("SELECT seq, seen FROM follower WHERE name = ?", (name,)).fetchone()
    if known is not None and known[0] == seq and 0 <= now - known[1] < _REPEAT_MS:
        return
    with connection.writing():
        connection.execute(_FOLLOW, (name, seq, now))
        connection.execute("DELETE FROM follower WHERE seen < ?", (now - SILENCE_MS,))
        slowest = read_value(connection, "SELECT min(seq) FROM follower")
        pruned = read_value(connection, "SELECT max(seq) FROM tombstone WHERE seq <= ?", (slowest,))
        if pruned is not None:
            connection.execute("DELETE FROM tombstone WHERE seq <= ?", (pruned,))
            connection.execute("UPDATE log SET pruned = ?", (pruned,))
