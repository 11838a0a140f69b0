"""Lookups of row digests by the process that reads a file."""

from __future__ import annotations

from pathlib import Path

from letrics.identity.keys import id_key
from letrics.ingest.known_rows import KnownRows
from tests.default_backends import open_store, store_backend
from tests.store.encoded_rows import encoded, first_key
from tests.store.patches import ADA


def test_look_without_a_database_returns_nothing(tmp_path: Path) -> None:
    assert KnownRows(store_backend(tmp_path / "none.db").open_reader).look([id_key("1")]) == {}
    (tmp_path / "bad.db").write_bytes(b"x" * 5000)
    assert KnownRows(store_backend(tmp_path / "bad.db").open_reader).look([id_key("1")]) == {}


def test_look_finds_a_store_that_is_created_later(tmp_path: Path) -> None:
    ada = encoded(ADA)
    known = KnownRows(store_backend(tmp_path / "log.db").open_reader)
    assert known.look([first_key(ada)]) == {}
    with open_store(tmp_path / "log.db") as store:
        store.put_contacts([ada])
        assert known.look([first_key(ada)]) == {ada.digest: 0}
        known.close()
