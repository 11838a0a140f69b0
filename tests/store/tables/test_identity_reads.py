"""The reads of identity from SQLite: only stored records, and nothing for nothing."""

from __future__ import annotations

import numpy as np

from letrics.identity.keys import hashes_of, id_key
from letrics.records import decode_company, decode_contact
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.identity_reads import TableReads
from tests.store.encoded_rows import encoded
from tests.store.patches import ADA, row


def test_reads_of_stored_records_omit_others(store: SqliteStore) -> None:
    ada = encoded(ADA)
    store.put_contacts([ada, row("2", "b.example")])
    reads = TableReads(store._connection)
    assert list(reads.keys(hashes_of([id_key("1"), id_key("9")]))) == [(id_key("1"), 0)]
    assert [
        (num, company, external, digest, decode_contact(document).id)
        for num, company, external, digest, document in reads.contacts({1, 0, 7})
    ] == [(0, 0, True, ada.digest, "1"), (1, 1, True, None, "2")]
    assert reads.digests({0, 1, 7}) == {0: ada.digest, 1: None}
    assert list(reads.company_nums({"b.example", "c.example"})) == [("b.example", 1)]
    ((domain, num, document),) = reads.companies({"a.example"})
    assert (domain, num, decode_company(document).domain) == ("a.example", 0, "a.example")


def test_reads_of_nothing_are_empty(store: SqliteStore) -> None:
    reads = TableReads(store._connection)
    assert list(reads.keys(np.array([], np.int64))) == []
    assert list(reads.contacts(())) == [] and reads.digests(()) == {}
    assert list(reads.company_nums(())) == [] and list(reads.companies(())) == []
