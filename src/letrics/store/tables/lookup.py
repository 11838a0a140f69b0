"""Read records: the documents of a page, one record by its id, and the counts."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

import msgspec

from letrics.identity.keys import id_key, parts_of
from letrics.records import SINGULAR, UNREADABLE, Kind, complete_company, complete_contact, join_company
from letrics.store.base import Counts, FoundDocuments, StoredRecord
from letrics.store.encodable import encodable
from letrics.store.sql import SqlConnection, read_rows
from letrics.store.tables.checksums import intact
from letrics.store.tables.log import Numbers
from letrics.store.tables.malformed import id_in_parentheses

_COMPANIES: Final = """
SELECT company.num, company.document, company.checksum, company.seq, 0 FROM carray(?) AS a
CROSS JOIN company ON company.num = a.value
"""
_CONTACTS: Final = """
SELECT contact.num, contact.document, contact.checksum, company.num, company.document, company.checksum,
    contact.seq, coalesce(company.seq, 0) FROM carray(?) AS a
CROSS JOIN contact ON contact.num = a.value LEFT JOIN company ON company.num = contact.company
"""
_BY_KEY: Final = """
SELECT contact.num, contact.document, contact.checksum, company.num, company.document, company.checksum FROM (
    SELECT num FROM contact_key WHERE hash = ?1 AND mark = ?2
    UNION SELECT num FROM recent_key WHERE hash = ?1 AND mark = ?2
) AS k CROSS JOIN contact ON contact.num = k.num LEFT JOIN company ON company.num = contact.company
"""
_BY_COMPANY_ID: Final = """
SELECT num, document, checksum, (SELECT count(*) FROM contact WHERE contact.company = company.num) FROM company
WHERE num = (
    SELECT num FROM company WHERE domain = ?1 UNION ALL SELECT num FROM former_company_id WHERE id = ?1 LIMIT 1
)
"""
StoredCompany = tuple[int | None, bytes | None, int | None]
"""The num, document and checksum of a company; all None for no company."""
_MOST_LOGGED: Final = 20
"""The most malformed records of one read that are named in the log."""
NO_CHANGE_IS_LATER: Final = 2**63 - 1
"""The largest seq."""
_log: Final = logging.getLogger("letrics.store")
_raw: Final = msgspec.json.Decoder(list[msgspec.Raw])
"""Checks that documents are JSON without building their values, in 24 µs for a page of 25 contacts."""


def read_documents(connection: SqlConnection, kind: Kind, nums: Sequence[int]) -> list[bytes | None]:
    """The documents of records as the API returns them, in the order of `nums`. One statement reads one snapshot.

    A document that is damaged is logged and returned as None: it is wrong, or would make the whole response invalid.
    """
    return read_found(connection, kind, nums, NO_CHANGE_IS_LATER).documents


def read_found(connection: SqlConnection, kind: Kind, nums: Sequence[int], seq: int) -> FoundDocuments:
    """The same as `read_documents`, and which of the records changed after `seq`, or whose company did."""
    if not nums:
        return FoundDocuments([])
    asked = (connection.ints(nums),)
    rows: list[tuple[int, bytes]]
    if kind == "companies":
        every = read_rows(connection, _COMPANIES, asked)
        rows = [(row[0], _completed(*row[:3])) for row in every]
    else:
        every = read_rows(connection, _CONTACTS, asked)
        rows = [(row[0], _joined(*row[:6])) for row in every]
    later = {row[0] for row in every if row[-2] > seq or row[-1] > seq}
    malformed, names = _malformed(kind, rows), list[str]()
    if malformed:
        names = [f"num {row[0]}{_id_of(row[1])}" for row in every if row[0] in malformed]
        rows = [row for row in rows if row[0] not in malformed]
    found = dict(rows)
    documents = [found.get(num) for num in nums]
    return FoundDocuments(documents, [at for at, num in enumerate(nums) if num in later] if later else (), names)


def find_record(connection: SqlConnection, kind: Kind, id: str) -> StoredRecord | None:
    """The company or contact with this current or former id. The id of a company is its domain, if it has one."""
    if kind == "companies":
        for num, stored, checksum, contacts in connection.execute(_BY_COMPANY_ID, (id,)):
            document = _completed(num, stored, checksum)
            return StoredRecord(num, document, contacts, malformed=bool(_malformed(kind, [(num, document)])))
        return None
    for row in connection.execute(_BY_KEY, parts_of(id_key(id))):
        num, document = row[0], _joined(*row)
        return StoredRecord(num, document, malformed=bool(_malformed(kind, [(num, document)])))
    return None


def join_contact(num: int, contact: bytes, company: StoredCompany) -> bytes | None:
    """The document of a contact as the API returns it, of a document that was verified; None if it is damaged."""
    document = _joined(num, contact, None, *company)
    return None if _malformed("contacts", [(num, document)]) else document


def _joined(
    num: int, contact: bytes, checksum: int | None,
    company_num: int | None, company: bytes | None, company_checksum: int | None,
) -> bytes:  # fmt: skip
    """The document of a contact with its company, if it has one; empty where one of them is damaged."""
    contact = intact(num, contact, checksum)
    if not isinstance(contact, bytes) or not contact:
        return b""
    if company_num is None:
        return encodable(join_company(complete_contact(contact), None))
    document = b"" if company is None else intact(company_num, company, company_checksum)
    if not isinstance(document, bytes) or not document.startswith(b"{"):
        return b""
    return encodable(join_company(complete_contact(contact), complete_company(document)))


def _completed(num: int, company: bytes, checksum: int | None) -> bytes:
    """The document of a company; empty where it is damaged."""
    document = intact(num, company, checksum)
    return encodable(complete_company(document)) if isinstance(document, bytes) else b""


def _id_of(document: object) -> str:
    return id_in_parentheses(document) if isinstance(document, bytes) else ""


def _are_objects(documents: Sequence[bytes]) -> bool:
    """Whether each of the documents is one JSON object."""
    try:
        objects = _raw.decode(b"[%s]" % b",".join(documents))
    except UNREADABLE:
        return False
    return len(objects) == len(documents) and all(document.startswith(b"{") for document in documents)


def _malformed(kind: Kind, rows: Sequence[tuple[int, bytes]]) -> set[int]:
    """The nums of the documents that are not JSON objects; they are named in the log."""
    if _are_objects([document for _, document in rows]):
        return set()
    nums = [num for num, document in rows if not _are_objects([document])]
    named = ", ".join(map(str, nums[:_MOST_LOGGED]))
    more = f" and {len(nums) - _MOST_LOGGED:,} more" if len(nums) > _MOST_LOGGED else ""
    company = "" if kind == "companies" else " or of the company"
    _log.warning(
        "the document of %s num %s%s%s is malformed: run `letrics check`", SINGULAR[kind], named, more, company
    )
    return set(nums)


def read_counts(connection: SqlConnection) -> Counts:
    """The counts of the log. Raises StoreDamaged if they cannot be right."""
    numbers = Numbers.read(connection)
    return Counts(numbers.companies, numbers.contacts, numbers.next_company, numbers.next_contact)
