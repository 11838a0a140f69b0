"""The store as an import holds it: never continued in another database."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from letrics.cli.context import CliSession
from letrics.cli.import_store import ImportStore
from letrics.cli.interrupt import Shield
from letrics.identity.patches import ContactPatch
from letrics.store.base import StoreReplaced
from letrics.store.import_record import ImportStart
from tests.default_backends import open_store


def batch(id: str) -> list[ContactPatch]:
    return [ContactPatch(company="a.example", external_id=id)]


@pytest.mark.parametrize("fate", ["removed", "replaced"])
def test_import_stops_where_its_database_is_gone(tmp_path: Path, fate: str) -> None:
    import_store = ImportStore(CliSession(tmp_path / "home"), Shield(), dry_run=False)
    write = import_store.begin(ImportStart(kind="contacts", file="people.csv"))
    write(batch("one"), None)
    path = tmp_path / "home" / "letrics.db"
    if fate == "removed":
        path.unlink()
    else:
        open_store(tmp_path / "other.db").close()
        (tmp_path / "other.db").replace(path)
    with pytest.raises(StoreReplaced):
        write(batch("two"), None)
    with suppress(StoreReplaced):
        import_store.close()
    assert path.exists() == (fate != "removed")
    if path.exists():
        with open_store(path) as store:
            assert store.counts().contacts == 0
