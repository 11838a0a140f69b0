"""The work of the process that rebuilds the saved index."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from letrics.backends import open_backends
from letrics.backends.bitmap import rebuild_command
from letrics.backends.rebuild import rebuild_index
from letrics.identity.patches import CompanyPatch
from letrics.settings import Home, Settings
from letrics.store.base import StoreAway


def test_rebuild_saves_an_index_with_all_changes(tmp_path: Path) -> None:
    home = Home(tmp_path)
    backends = open_backends(home, Settings())
    with backends.store.open(create=True) as store:
        store.put_companies([CompanyPatch(domain="a.example")])
    subprocess.run(rebuild_command(home), check=True)
    with backends.store.open() as store:
        saved = backends.engine.describe(store.position())
    assert saved is not None and saved.lacks == 0


def test_rebuild_of_a_missing_store_fails(tmp_path: Path) -> None:
    with pytest.raises(StoreAway):
        rebuild_index(str(tmp_path))
    assert list(tmp_path.iterdir()) == []
