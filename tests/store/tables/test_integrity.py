"""The integrity check: each kind of inconsistency has its own description."""

from __future__ import annotations

from pathlib import Path

import pytest

from letrics.store.base import StoreAway
from letrics.store.sqlite import SqliteStore
from tests.store.patches import row


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ("DELETE FROM company", "contacts belong to a company that does not exist"),
        ("DELETE FROM contact WHERE num = 1", "identity keys point to contacts that do not exist"),
        (
            "INSERT INTO merged_company VALUES (9, 8, NULL, NULL)",
            "1 company is merged into companies that do not exist",
        ),
        ("INSERT INTO former_id VALUES (9, 'x')", "1 former id points to contacts that do not exist"),
        ("UPDATE contact SET num = 7 WHERE num = 1", "1 contact has a num that the log has not assigned yet"),
        ("UPDATE company SET num = 7", "1 company has a num that the log has not assigned yet"),
        ("UPDATE contact SET seq = 99 WHERE num = 1", "1 entry has a seq outside the log"),
        ("UPDATE contact SET seq = 1 WHERE num = 1", "1 entry has the same seq as another entry"),
        ("UPDATE log SET companies = 3", "companies more or fewer than the log's counter"),
        ("UPDATE log SET contacts = 3", "1 contact more or fewer than the log's counter"),
        (
            "INSERT INTO duplicate VALUES (1, 0, 9, 'email', 'open', '')",
            "1 possible duplicate is of contacts that do not exist",
        ),
        ("INSERT INTO merged_key VALUES (9, 1, 1)", "1 identity key of merged contacts points to contacts that do not"),
        (
            "INSERT INTO contact_merge VALUES (1, 9, 8, 'x', '', 0, 0, x'', 0, x'', x'', 0, 0, x'', x'', x'', NULL)",
            "1 merged contact is of contacts that do not exist",
        ),
        ("DELETE FROM batch", "1 batch at the end of the log is missing"),
    ],
)
def test_integrity_says_what_is_wrong(store: SqliteStore, harm: str, words: str) -> None:
    store.put_contacts([row("1"), row("2")])
    assert store.integrity() == []
    store._connection.execute(harm)
    assert any(words in fault for fault in store.integrity())


def test_a_damaged_file_is_reported_and_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with SqliteStore.open(path) as store:
        store.put_contacts([row(str(n), phone="1" * 500) for n in range(500)])
    data = bytearray(path.read_bytes())
    pages = len(data) // 4096
    for page in range(32, pages):  # the pages before have the schema and the roots of tables
        data[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    path.write_bytes(data)
    with SqliteStore.open(path) as store:
        assert any(fault.startswith("the file is damaged") for fault in store.integrity())
        with pytest.raises(StoreAway, match="is damaged"):
            store.documents("contacts", range(500))
