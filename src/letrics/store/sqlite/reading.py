"""Read records: the documents of a page, one record by its id, and the counts."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Final

import apsw

from letrics.records import Kind, join_company
from letrics.store.base import Counts, Found
from letrics.store.connection import read_rows
from letrics.store.encodable import encodable
from letrics.store.identity import id_key, parts_of

_COMPANIES: Final = """
SELECT company.num, company.document FROM carray(?) AS a CROSS JOIN company ON company.num = a.value
"""
_CONTACTS: Final = """
SELECT contact.num, contact.document, company.document FROM carray(?) AS a
CROSS JOIN contact ON contact.num = a.value CROSS JOIN company ON company.num = contact.company
"""
_BY_KEY: Final = """
SELECT contact.num, contact.document, company.document FROM (
    SELECT num FROM contact_key WHERE hash = ?1 AND mark = ?2
    UNION SELECT num FROM recent_key WHERE hash = ?1 AND mark = ?2
) AS k CROSS JOIN contact ON contact.num = k.num CROSS JOIN company ON company.num = contact.company
"""
_BY_DOMAIN: Final = """
SELECT num, document, (SELECT count(*) FROM contact WHERE contact.company = company.num) FROM company WHERE domain = ?
"""


def read_documents(connection: apsw.Connection, kind: Kind, nums: Sequence[int]) -> list[bytes | None]:
    """The documents of records as the API returns them, in the order of `nums`. One statement reads one snapshot."""
    if not nums:
        return []
    asked = (apsw.carray(array("q", nums)),)
    rows: list[tuple[int, bytes]]
    if kind == "companies":
        rows = [(num, encodable(company)) for num, company in read_rows(connection, _COMPANIES, asked)]
    else:
        every = read_rows(connection, _CONTACTS, asked)
        rows = [(num, encodable(join_company(contact, company))) for num, contact, company in every]
    if len(rows) == len(nums):  # no record is missing: the rows are in the order of `nums`
        return [document for _, document in rows]
    found = dict(rows)
    return [found.get(num) for num in nums]


def find_record(connection: apsw.Connection, kind: Kind, id: str) -> Found | None:
    """The company with this domain, or the contact with this current or former id."""
    if kind == "companies":
        for num, document, contacts in connection.execute(_BY_DOMAIN, (id,)):
            return Found(num, encodable(document), contacts)
        return None
    for num, contact, company in connection.execute(_BY_KEY, parts_of(id_key(id))):
        return Found(num, encodable(join_company(contact, company)))
    return None


def read_counts(connection: apsw.Connection) -> Counts:
    row = connection.execute("SELECT companies, contacts, next_company, next_contact FROM log").fetchone()
    assert row is not None, "the first migration inserts the row"
    return Counts(*row)
