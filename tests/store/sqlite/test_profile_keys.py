"""The upgrade of a database whose contacts were identified by any LinkedIn URL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.identity.keys import Key, id_key, name_key, parts_of, personal_keys, profile_key
from letrics.identity.patches import ContactPatch, Tally
from letrics.store.sqlite import SqliteStore
from tests.old_log import JANE, URLS, write_old_log


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    write_old_log(tmp_path / "old.db")
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
