"""The saved index of a log: when it is saved, rebuilt or left, and how it is described."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.engines.bitmap import BitmapEngine
from letrics.engines.bitmap.following.rebuilder import alone
from letrics.engines.bitmap.following.saved_index import (
    describe_snapshot,
    rebuild_snapshot,
    refresh_snapshot,
    save_if_behind,
)
from letrics.identity.patches import CompanyPatch
from letrics.store.base import Store
from tests.default_backends import open_store


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    return tmp_path / "index" / "snapshot"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "letrics.db") as opened:
        put(opened, "one", "two")
        yield opened


def put(store: Store, *names: str) -> None:
    store.put_companies([CompanyPatch(domain=f"{name}.example") for name in names])


def lacks(snapshot: Path, store: Store) -> int | None:
    found = describe_snapshot(snapshot, store.position())
    assert found is not None
    return found.lacks


def test_refresh_saves_a_missing_or_unusable_index(store: Store, snapshot: Path) -> None:
    assert describe_snapshot(snapshot, store.position()) is None
    assert refresh_snapshot(BitmapEngine(), store, snapshot) and lacks(snapshot, store) == 0
    put(store, "three")
    assert refresh_snapshot(BitmapEngine(), store, snapshot) and lacks(snapshot, store) == 1, "too few changes"
    snapshot.write_bytes(b"damaged")
    assert refresh_snapshot(BitmapEngine(), store, snapshot) and lacks(snapshot, store) == 0


def test_refresh_of_an_empty_log_saves_nothing(tmp_path: Path, snapshot: Path) -> None:
    with open_store(tmp_path / "empty.db") as store:
        assert refresh_snapshot(BitmapEngine(), store, snapshot)
    assert not snapshot.exists()


def test_index_is_left_while_another_process_saves_it(store: Store, snapshot: Path) -> None:
    engine = BitmapEngine()
    engine.load(store)
    with alone(snapshot):
        assert not refresh_snapshot(BitmapEngine(), store, snapshot)
        rebuild_snapshot(BitmapEngine(), store, snapshot)
        save_if_behind(engine, store, snapshot, save_after=1)
    assert not snapshot.exists()


def test_index_is_saved_when_it_lacks_many_changes(store: Store, snapshot: Path) -> None:
    rebuild_snapshot(BitmapEngine(), store, snapshot)
    put(store, "three", "four")
    engine = BitmapEngine()
    engine.load(store, snapshot)
    save_if_behind(engine, store, snapshot, save_after=3)
    assert lacks(snapshot, store) == 2
    save_if_behind(engine, store, snapshot, save_after=2)
    assert lacks(snapshot, store) == 0


def test_missing_index_is_saved_however_few_records_it_has(store: Store, snapshot: Path, tmp_path: Path) -> None:
    engine = BitmapEngine()
    engine.load(store)
    save_if_behind(engine, store, snapshot)
    assert lacks(snapshot, store) == 0
    with open_store(tmp_path / "empty.db") as empty:
        engine = BitmapEngine()
        engine.load(empty)
        save_if_behind(engine, empty, tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_damaged_index_is_described_with_the_reason(store: Store, snapshot: Path) -> None:
    refresh_snapshot(BitmapEngine(), store, snapshot)
    snapshot.write_bytes(b"damaged")
    found = describe_snapshot(snapshot, store.position())
    assert found is not None and found.lacks is None and found.damage and found.bytes == 7
