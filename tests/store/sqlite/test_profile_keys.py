"""The upgrade of a database whose contacts were identified by any LinkedIn URL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from letrics.identity.keys import Key, id_key, name_key, parts_of, personal_keys, profile_key
from letrics.identity.patches import ContactPatch, Tally
from letrics.records import Company, ContactBody, Email, encode
from letrics.store.connection import open_sqlite
from letrics.store.migrate import load_migrations, migrate
from letrics.store.sqlite import SqliteStore

TIME: Final = "2026-01-01T00:00:00.000Z"
JANE: Final = (Email("jane@x.example", "personal"),)
URLS: Final = (
    ("https://www.linkedin.com/in/ada", "linkedin.com/in/ada"),
    ("https://www.linkedin.com/in/bob/de", "linkedin.com/in/bob/de"),
    ("https://www.linkedin.com/in/bob/en", "linkedin.com/in/bob/en"),
    ("https://www.linkedin.com/in/ada/de", "linkedin.com/in/ada/de"),
    ("https://linkedin.com/company/a", "linkedin.com/company/a"),
    ("https://x.example/in/jane", "x.example/in/jane"),
    ("https://www.linkedin.com/in/unavailable", "linkedin.com/in/unavailable"),
)
"""The URLs of contacts 0 to 6, and the profiles that they held in the version before."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    connection = open_sqlite(tmp_path / "old.db")
    migrate(connection, load_migrations("letrics.store.sqlite.migrations")[:3])
    company = Company(id="a.example", domain="a.example", first_seen_at=TIME, added_at=TIME, updated_at=TIME)
    connection.execute("INSERT INTO company VALUES (0, 1, 'a.example', ?)", (encode(company),))
    for num, (url, profile) in enumerate(URLS):
        emails = JANE if num == 5 else ()
        contact = ContactBody(id=str(num + 1), added_at=TIME, updated_at=TIME, linkedin_url=url, emails=emails)
        connection.execute(
            "INSERT INTO contact (num, seq, company, external, document, digest) VALUES (?, ?, 0, 1, ?, ?)",
            (num, num + 2, encode(contact), num + 100),
        )
        rows = [(*parts_of(key), num) for key in (id_key(contact.id), profile_key(profile), *personal_keys(emails))]
        connection.executemany("INSERT INTO contact_key VALUES (?, ?, ?)", rows)
    last = len(URLS) + 1
    connection.execute("INSERT INTO batch (seq, id) VALUES (?, 'x')", (last,))
    connection.execute(
        "UPDATE log SET seq = ?, next_company = 1, next_contact = ?, companies = 1, contacts = ?",
        (last, len(URLS), len(URLS)),
    )
    connection.close()
    with SqliteStore.open(tmp_path / "old.db") as opened:
        yield opened


def keys(store: SqliteStore) -> set[tuple[int, int, int]]:
    return set(store._connection.execute("SELECT * FROM contact_key UNION SELECT * FROM recent_key"))


def test_replace_profile_keys_leaves_each_key_with_the_first(store: SqliteStore) -> None:
    expected: list[tuple[Key, int]] = [
        (profile_key("linkedin.com/in/ada"), 0),
        (profile_key("linkedin.com/in/bob"), 1),
        (name_key("\0", 0), 4),
        (name_key("\0", 0), 6),
        (personal_keys(JANE)[0], 5),
        *((id_key(str(num + 1)), num) for num in range(7)),
    ]
    assert keys(store) == {(*parts_of(key), num) for key, num in expected}
    digests = list(store._connection.execute("SELECT digest FROM contact ORDER BY num"))
    assert digests == [(100,), (101,), (None,), (None,), (104,), (105,), (106,)]
    assert store.integrity() == []


def test_replace_profile_keys_lets_variants_find_the_contact(store: SqliteStore) -> None:
    rows = [
        ContactPatch(company="a.example", linkedin_url="https://de.linkedin.com/in/bob", phone="1"),
        ContactPatch(company="a.example", linkedin_url="https://linkedin.com/company/a", full_name="New"),
    ]
    assert store.put_contacts(rows) == Tally(new=1, changed=1)
    found = store.find("contacts", "2")
    assert found is not None and b'"phone":"1"' in found.document


def test_replace_profile_keys_leaves_nothing_after_deletion(store: SqliteStore) -> None:
    store.delete("contacts", range(len(URLS)))
    assert keys(store) == set() and store.integrity() == []
