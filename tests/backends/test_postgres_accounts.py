"""Accounts in a PostgreSQL database, as a back end."""

from __future__ import annotations

from pathlib import Path

import pytest

from letrics.api.response import ApiResponse
from letrics.api.stored_requests import RequestBody, StoredResponse
from letrics.backends.postgres import PostgresBackend
from letrics.backends.postgres_accounts import PostgresAccounts
from letrics.identity.patches import ContactPatch
from letrics.store.base import StoreAway
from tests.matrix.databases import open_postgres
from tests.servers.postgres import new_database


def test_missing_accounts_are_named() -> None:
    with pytest.raises(StoreAway, match="there are no accounts in postgresql://letrics@127"):
        PostgresAccounts(new_database()).open()


def test_deleted_contact_is_erased_from_shared_responses(tmp_path: Path) -> None:
    url = new_database()
    requests = PostgresAccounts(url).open_requests()
    owner = requests.begin(b"k", b"h")
    assert isinstance(owner, bytes)
    requests.finish(b"k", owner, RequestBody(b"b", 1), "r", ApiResponse(b'{"data":[{"name":"Ann Archer"}]}'))
    with PostgresBackend(url, tmp_path).open(create=True) as store:
        store.put_contacts([ContactPatch(external_id="c", full_name="Ann Archer")])
        store.delete_id("contacts", "c")
    stored = requests.begin(b"k", b"h")
    requests.close()
    assert isinstance(stored, StoredResponse)
    assert b"Ann Archer" not in stored.response.body


def test_accounts_of_an_unfinished_copy_are_refused(tmp_path: Path) -> None:
    url = new_database()
    PostgresBackend(url, tmp_path).open(create=True).close()
    backend = PostgresAccounts(url)
    backend.open(create=True).close()
    connection = open_postgres(url, 0)
    connection.run_script("CREATE TABLE copy_progress (progress TEXT NOT NULL)")
    with pytest.raises(StoreAway, match=r"a copy into postgresql://.* has not ended"):
        backend.open()
    backend.open_copy().close()
    connection.run_script("DROP TABLE copy_progress")
    connection.close()
    backend.open().close()


def test_unavailable_accounts_are_away() -> None:
    backend = PostgresAccounts("postgresql://letrics@127.0.0.1:1/none")
    for use in (backend.exists, backend.open):
        with pytest.raises(StoreAway, match="cannot be reached"):
            use()
