"""The store as an import holds it: never continued in another database."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from letrics.cli.context import CliSession
from letrics.cli.import_store import ImportStore
from letrics.cli.interrupt import Shield
from letrics.engines.follower_positions import PositionFile
from letrics.engines.pace import FIRST_ROWS
from letrics.identity.patches import ContactPatch
from letrics.store.base import StoreReplaced
from letrics.store.import_record import ImportStart
from tests.default_backends import open_store


def batch(id: str) -> list[ContactPatch]:
    return [ContactPatch(company="a.example", external_id=id)]


def test_second_batch_waits_until_servers_have_the_first(tmp_path: Path) -> None:
    home = tmp_path / "home"
    import_store = ImportStore(CliSession(home), Shield(), dry_run=False)
    assert import_store.max_rows() is None
    write = import_store.begin(ImportStart(kind="contacts", file="people.csv"))
    server = PositionFile(home / "followers")
    server.put(0)
    assert import_store.max_rows() == FIRST_ROWS
    write(batch("one"))
    with open_store(home / "letrics.db", create=False) as store, ThreadPoolExecutor(1) as thread:
        end = store.position().seq
        written = thread.submit(write, batch("two"))
        time.sleep(0.1)
        assert store.position().seq == end
        server.put(end)
        written.result()
        assert store.position().seq > end
    server.remove()
    assert import_store.max_rows() is None
    import_store.close()


@pytest.mark.parametrize("fate", ["removed", "replaced"])
def test_import_stops_where_its_database_is_gone(tmp_path: Path, fate: str) -> None:
    import_store = ImportStore(CliSession(tmp_path / "home"), Shield(), dry_run=False)
    write = import_store.begin(ImportStart(kind="contacts", file="people.csv"))
    write(batch("one"))
    path = tmp_path / "home" / "letrics.db"
    if fate == "removed":
        path.unlink()
    else:
        open_store(tmp_path / "other.db").close()
        (tmp_path / "other.db").replace(path)
    with pytest.raises(StoreReplaced):
        write(batch("two"))
    with suppress(StoreReplaced):
        import_store.close()
    assert path.exists() == (fate != "removed")
    if path.exists():
        with open_store(path) as store:
            assert store.counts().contacts == 0
