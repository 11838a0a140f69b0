"""Damaged documents, listed by `letrics check`.

This program encodes documents and stores them with a checksum, in a transaction. A document that cannot be decoded, or
has another checksum, was therefore damaged later or changed by another program.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from letrics.normalize.time import is_written_form
from letrics.plurals import inflected
from letrics.records import UNREADABLE, decode_company, decode_contact
from letrics.store.sql import SqlConnection
from letrics.store.tables.checksums import checksum_of
from letrics.store.tables.lenient_rows import lenient_rows

_PART: Final = 10_000
"""Documents read from the database at a time."""
_CHANGED: Final = (
    "is not the one that was written (checksum): restore a backup, or compare it with its source and run "
    "`letrics check --repair`, which keeps it"
)
_MOST_SHOWN: Final = 20
"""Maximum number of malformed documents of a kind that are listed one by one."""
_ID: Final = re.compile(rb'\{"id":("(?:[^"\\]|\\.){1,500}")')
"""Matches the beginning of a document with an id of up to 500 characters. Group 1 is the id as a JSON string."""
_KINDS: Final[tuple[tuple[str, Callable[[bytes], Any], tuple[str, ...]], ...]] = (
    ("company", decode_company, ("first_seen_at", "added_at", "updated_at")),
    ("contact", decode_contact, ("added_at", "updated_at")),
)


def malformed_documents(connection: SqlConnection) -> Iterator[str]:
    """Descriptions of the records whose document is damaged; at most 20 per kind."""
    for kind, decode, times in _KINDS:
        found = 0
        for num, document, checksum, id in read_documents_with_ids(connection, kind):
            fault = _fault(document, decode, times, id)
            if fault is None and checksum is not None and checksum != checksum_of(num, document):
                fault = _CHANGED
            if fault is not None:
                found += 1
                if found <= _MOST_SHOWN:
                    yield f"the document of {kind} num {num}{id_in_parentheses(document)} {fault}"
        if found > _MOST_SHOWN:
            more = found - _MOST_SHOWN
            yield f"{more:,} more {kind} {inflected(more, '{document is|documents are}')} malformed"


def read_documents_with_ids(
    connection: SqlConnection, table: str
) -> Iterator[tuple[int, bytes, int | None, str | bytes | None]]:
    """The num, document and checksum of all records of a table, with the ids by which companies are found: None for
    contacts, `bytes` if it is not UTF-8."""
    id = "domain" if table == "company" else "NULL"
    last = -(1 << 62)
    while True:
        rest = f"FROM {table} WHERE num > ? ORDER BY num LIMIT {_PART}"
        rows = lenient_rows(connection, ("num", "document", "checksum", id), ("domain",), rest, (last,))
        if not rows:
            return
        yield from rows
        last = rows[-1][0]


def _fault(
    document: bytes, decode: Callable[[bytes], Any], times: tuple[str, ...], id: str | bytes | None
) -> str | None:  # fmt: skip
    try:
        record = decode(document)
    except UNREADABLE as error:
        return f"cannot be read ({type(error).__name__}): delete it and import it again"
    if id is not None and id != record.id:
        return "is not found by its id: run `letrics check --repair`"
    wrong = [name for name in times if not is_written_form(getattr(record, name))]
    return f"has a malformed timestamp: {', '.join(wrong)}" if wrong else None


def id_in_parentheses(document: bytes) -> str:
    """The record's id in parentheses, or an empty string if it cannot be read."""
    match = _ID.match(document)
    try:
        return "" if match is None else f" (id {msgspec.json.decode(match[1], type=str)!r})"
    except UNREADABLE:
        return ""
