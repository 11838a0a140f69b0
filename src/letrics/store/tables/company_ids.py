"""Corrects the ids by which companies are found: each is a copy of the one in the document of its company."""

from __future__ import annotations

from letrics.records import decode_company
from letrics.store.sql import SqlConnection
from letrics.store.tables.company_joins import join_companies
from letrics.store.tables.company_table import find_companies
from letrics.store.tables.log import Numbers
from letrics.store.tables.malformed import read_documents_with_ids


def correct_company_ids(connection: SqlConnection, numbers: Numbers, now: str) -> int:
    """Find companies by the ids in their documents again, all of which can be read; returns how many were not.

    If a row of an import has added the company again meanwhile, both are merged. Runs inside the caller's transaction.
    """
    wrong = dict[int, str]()
    for num, document, _, id in read_documents_with_ids(connection, "company"):
        right = decode_company(document).id
        if right != id:
            wrong[num] = right
    for num, id in wrong.items():
        others = find_companies(connection, "num", [id])
        if others:
            join_companies(connection, numbers, others[0][0], num, now, None)
        else:
            connection.execute("UPDATE company SET domain = ? WHERE num = ?", (id, num))
    return len(wrong)
