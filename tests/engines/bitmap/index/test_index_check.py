"""Index check: what counts as a difference between two indexes."""

from __future__ import annotations

from pathlib import Path

from letrics.engines.bitmap import BitmapEngine
from letrics.engines.bitmap.index.index_check import index_differences
from letrics.store.sqlite import SqliteStore
from tests.engines.bitmap.index.filled import fill


def test_index_check_other_order_is_no_difference(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path / "letrics.db")
    fill(store, 300)
    one, two = BitmapEngine(), BitmapEngine()
    one.load(store)
    two.load(store)
    for pair in two._ready().segments:
        for segment in (pair.companies, pair.contacts):
            for name in ("values", "flags", "times", "texts", "keys"):
                setattr(segment, name, dict(reversed(getattr(segment, name).items())))
    assert index_differences(two._ready(), one._ready()) == []
    store.close()
