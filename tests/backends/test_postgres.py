"""The PostgreSQL database of a home, as a back end."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from letrics.backends.postgres import PostgresBackend
from letrics.identity.patches import ContactPatch
from letrics.store.base import StoreAway
from tests.servers.postgres import new_database, shared_server
from tests.servers.proxy import Proxy


@pytest.fixture
def backend(tmp_path: Path) -> PostgresBackend:
    return PostgresBackend(new_database(), tmp_path)


def test_store_exists_once_it_was_created(backend: PostgresBackend) -> None:
    for open_it in (backend.open, backend.open_reader):
        with pytest.raises(StoreAway, match="there are no records in postgresql://letrics@127"):
            open_it()
    assert not backend.exists()
    backend.open(create=True).close()
    assert backend.exists()
    backend.open().close()
    reader = backend.open_reader()
    assert reader.counts().contacts == 0
    reader.close()


def test_deleted_contact_is_erased_from_uploads(backend: PostgresBackend, tmp_path: Path) -> None:
    stored = tmp_path / "uploads" / "new-1" / "file" / "people.csv"
    stored.parent.mkdir(parents=True)
    stored.write_text("Archer,Ann,a.example\n")
    with backend.open(create=True) as store:
        store.put_contacts([ContactPatch(external_id="c", full_name="Ann Archer")])
        store.delete_id("contacts", "c")
    assert not stored.exists()


def test_lease_of_a_silent_server_is_given_up_in_seconds(backend: PostgresBackend, tmp_path: Path) -> None:
    backend.open(create=True).close()
    with Proxy(shared_server().port) as proxy:
        url = backend._url.replace(f":{shared_server().port}/", f":{proxy.port}/")
        with PostgresBackend(url, tmp_path).open_lease() as store:
            assert store.acquire_lease("feed", "one", 5)
            proxy.be_silent()
            began = time.monotonic()
            with pytest.raises(StoreAway):
                store.acquire_lease("feed", "one", 5)
            assert time.monotonic() - began < 60, "not the ten minutes of writers"
            proxy.flow()


def test_unavailable_database_is_away(tmp_path: Path) -> None:
    backend = PostgresBackend("postgresql://letrics@127.0.0.1:1/none", tmp_path)
    for use in (backend.exists, backend.open, backend.open_reader):
        with pytest.raises(StoreAway, match="cannot be reached"):
            use()
