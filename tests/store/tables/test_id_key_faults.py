"""Contacts that their id does not find."""

from __future__ import annotations

from pathlib import Path

from letrics.identity.patches import ContactPatch
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.id_key_faults import id_key_faults, unfindable_contacts


def test_contacts_without_the_key_of_their_id_are_named(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "log.db") as store:
        store.put_contacts([ContactPatch(full_name="Ann", external_id=f"c{n}") for n in range(7)])
        assert list(unfindable_contacts(store._connection)) == []
        store._connection.execute("DELETE FROM recent_key WHERE num <> 3")
        (words,) = id_key_faults(store._connection)
        assert words.startswith("6 contacts are not found by their id (num 0, 1, 2, 4, 5, …)")
