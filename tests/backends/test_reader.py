"""The process that reads an import file opens the store of its home."""

from __future__ import annotations

from pathlib import Path

import pytest

from letrics.backends.reader import open_reader, reader_command
from letrics.settings import Home
from letrics.store.base import StoreAway
from letrics.store.sqlite import SqliteStore
from tests.store.encoded_rows import encoded, first_key
from tests.store.patches import ADA


def test_open_reader_reads_the_store_of_the_home(tmp_path: Path) -> None:
    with pytest.raises(StoreAway):
        open_reader(str(tmp_path))
    ada = encoded(ADA)
    with SqliteStore.open(Home(tmp_path).database) as store:
        store.put_contacts([ada])
    reader = open_reader(str(tmp_path))
    assert reader.digests([first_key(ada)]) == {ada.digest: 0}
    reader.close()


def test_reader_command_without_a_home_names_no_store(tmp_path: Path) -> None:
    assert str(tmp_path) in reader_command(Home(tmp_path))
    assert "backends" not in " ".join(reader_command(None)[:4])
