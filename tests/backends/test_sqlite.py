"""The SQLite file of a home, as a back end."""

from __future__ import annotations

from pathlib import Path

import pytest

from letrics.backends.sqlite import SqliteBackend
from letrics.identity.patches import ContactPatch
from letrics.store.base import StoreAway


def test_store_exists_once_it_was_created(tmp_path: Path) -> None:
    backend = SqliteBackend(tmp_path / "letrics.db")
    with pytest.raises(StoreAway):
        backend.open()
    assert not backend.exists()
    backend.open(create=True).close()
    assert backend.exists()
    backend.open().close()


def test_deleted_contact_is_erased_from_uploads(tmp_path: Path) -> None:
    stored = tmp_path / "uploads" / "new-1" / "file" / "people.csv"
    stored.parent.mkdir(parents=True)
    with SqliteBackend(tmp_path / "letrics.db").open(create=True) as store:
        for number in range(2):
            stored.parent.mkdir(parents=True, exist_ok=True)
            stored.write_text("Archer,Ann,a.example\n")
            store.put_contacts([ContactPatch(external_id=f"c{number}", full_name="Ann Archer")])
            if number:
                store.delete_id("contacts", "c1")
            else:
                store.delete("contacts", [0])
            assert not stored.exists()
