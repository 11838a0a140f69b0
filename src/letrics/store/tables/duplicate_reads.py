"""Reads of the table of possible duplicates, with the documents of their contacts."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from letrics.normalize.time import is_written_form
from letrics.store.duplicate_record import DUPLICATE_REASONS, Duplicate, DuplicateStatus, UnknownPair
from letrics.store.sql import SqlConnection, read_rows, read_value
from letrics.store.tables.lenient_rows import lenient_rows
from letrics.store.tables.lookup import join_contact, read_documents
from letrics.store.tables.merge_rows import MergeRow

_THERE: Final = "JOIN contact AS a ON a.num = first JOIN contact AS b ON b.num = second"
"""Excludes the pairs of contacts that were merged: they are listed again when that is undone."""
_PAIRS: Final = f"SELECT id, reason, status, found_at, first, second FROM duplicate {_THERE}"  # noqa: S608
_PAGE: Final = f"{_PAIRS} WHERE status = ? AND id > ? ORDER BY id LIMIT ? OFFSET ?"
_MERGES: Final = """
FROM contact_merge AS m JOIN contact AS c ON c.num = m.kept
JOIN duplicate AS d ON d.first = CASE WHEN m.kept < m.gone THEN m.kept ELSE m.gone END
AND d.second = CASE WHEN m.kept < m.gone THEN m.gone ELSE m.kept END AND d.status = 'merged'
"""
"""The merges whose contact is still there: the others can only be undone after a later one."""
_MERGED_COLUMNS: Final = (
    *("d.id", "d.reason", "d.status", "d.found_at", "o.num", "o.document", "o.checksum"),
    *(f"m.{name}" for name in MergeRow._fields),
)
_MERGED_PAIRS: Final = f"""
{_MERGES} LEFT JOIN merged_company AS j ON j.num = m.company
LEFT JOIN company AS o ON o.num = coalesce(j.kept, m.company)
"""
_MERGED_PAGE: Final = "WHERE d.id > ? ORDER BY m.id DESC LIMIT ? OFFSET ?"

_log: Final = logging.getLogger("letrics.store")


def read_duplicates(
    connection: SqlConnection, status: DuplicateStatus, limit: int, after: int, skip: int
) -> list[Duplicate]:
    """The pairs with this status as `Store.duplicates` returns them, without those of malformed documents."""
    if status == "merged":
        return list(_merged(connection, _MERGED_PAGE, (after, limit, skip)))
    return list(_unmerged(connection, read_rows(connection, _PAGE, (status, after, limit, skip))))


def count_duplicates(connection: SqlConnection, status: DuplicateStatus) -> int:
    """The number of pairs with this status."""
    if status == "merged":
        return int(read_value(connection, f"SELECT count(*) {_MERGES}"))
    return int(read_value(connection, f"SELECT count(*) FROM duplicate {_THERE} WHERE status = ?", (status,)))  # noqa: S608


def read_duplicate(connection: SqlConnection, id: int) -> Duplicate:
    """The pair with this id. Raises UnknownPair."""
    found = list(_merged(connection, "WHERE d.id = ?", (id,)))
    if not found:
        rows = read_rows(connection, f"{_PAIRS} WHERE id = ? AND status <> 'merged'", (id,))
        found = list(_unmerged(connection, rows))
    if not found:
        raise UnknownPair(id)
    return found[0]


def _unmerged(connection: SqlConnection, rows: Sequence[tuple[Any, ...]]) -> Iterator[Duplicate]:
    nums = sorted({num for row in rows for num in row[4:]})
    documents = dict(zip(nums, read_documents(connection, "contacts", nums), strict=True))
    for id, reason, status, found_at, first, second in rows:
        contacts = _pair(id, reason, (found_at,), documents[first], documents[second])
        if contacts is not None:
            yield Duplicate(id=id, reason=reason, status=status, found_at=found_at, contacts=contacts)


def _merged(connection: SqlConnection, where: str, values: Sequence[object]) -> Iterator[Duplicate]:
    texts = ("m.gone_id", "m.merged_at")
    rows = lenient_rows(connection, _MERGED_COLUMNS, texts, f"{_MERGED_PAIRS} {where}", values)
    merges = [(*row[:4], row[4:7], MergeRow(*row[7:])) for row in rows]
    nums = sorted({merge.kept for *_, merge in merges})
    documents = dict(zip(nums, read_documents(connection, "contacts", nums), strict=True))
    for id, reason, status, found_at, company, merge in merges:
        gone = join_contact(merge.gone, merge.document, company) if merge.fault() is None else None
        contacts = _pair(id, reason, (found_at, merge.merged_at), documents[merge.kept], gone)
        if contacts is not None:
            yield Duplicate(
                id=id, reason=reason, status=status, found_at=found_at, merged_at=merge.merged_at, contacts=contacts
            )


def _pair(
    id: int, reason: str, times: Sequence[str], one: bytes | None, other: bytes | None
) -> tuple[msgspec.Raw, msgspec.Raw] | None:
    """The contacts of a pair, None if it is damaged, which the log says."""
    if one is not None and other is not None and reason in DUPLICATE_REASONS and all(map(is_written_form, times)):
        return msgspec.Raw(one), msgspec.Raw(other)
    _log.warning("the pair %s of possible duplicates is left out because it is damaged: run `letrics check`", id)
    return None
