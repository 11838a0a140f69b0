"""A saved index has no values of people who were forgotten, in none of its dictionaries."""

from __future__ import annotations

from pathlib import Path

from letrics.engines.bitmap import BitmapEngine
from letrics.engines.bitmap.following.index_target import IndexTarget
from letrics.engines.bitmap.following.rebuilder import alone
from letrics.engines.bitmap.following.saved_index import erase_snapshot, rebuild_snapshot, refresh_snapshot
from letrics.identity.patches import ContactPatch
from letrics.records import Email
from letrics.store.base import Store
from tests.default_backends import open_store

WORDS = (b"qwertzel", b"zorblax")


def put(store: Store) -> None:
    emails = (Email("jo.qwertzel@a.example", "personal"),)
    jane = ContactPatch(company="a.example", full_name="Jo Qwertzel", job_title="Zorblax Officer", emails=emails)
    bob = ContactPatch(company="a.example", full_name="Bob Baker", job_title="Engineer")
    store.put_contacts([jane, bob])


def words_in(path: Path) -> list[bytes]:
    content = path.read_bytes().lower()
    return [word for word in WORDS if word in content]


def saved(store: Store, snapshot: Path) -> None:
    put(store)
    refresh_snapshot(BitmapEngine(), store, snapshot)
    assert words_in(snapshot) == list(WORDS)


def test_erase_snapshot_drops_values_of_forgotten_people(tmp_path: Path) -> None:
    snapshot = tmp_path / "snapshot"
    with open_store(tmp_path / "letrics.db") as store:
        saved(store, snapshot)
        before = snapshot.stat().st_ino
        assert erase_snapshot(BitmapEngine(), store, snapshot)
        assert snapshot.stat().st_ino == before
        store.forget([0])
        assert erase_snapshot(BitmapEngine(), store, snapshot)
        assert words_in(snapshot) == []


def test_rebuild_snapshot_drops_values_of_forgotten_people(tmp_path: Path) -> None:
    snapshot = tmp_path / "snapshot"
    with open_store(tmp_path / "letrics.db") as store:
        saved(store, snapshot)
        store.forget([0])
        rebuild_snapshot(BitmapEngine(), store, snapshot)
        assert words_in(snapshot) == []


def test_follower_drops_values_from_memory_and_file(tmp_path: Path) -> None:
    snapshot = tmp_path / "snapshot"
    with open_store(tmp_path / "letrics.db") as store:
        saved(store, snapshot)
        engine = BitmapEngine()
        target = IndexTarget(engine, snapshot, erase_seconds=0)
        target.load(store)
        store.forget([0])
        while target.apply(store):
            pass
        assert words_in(snapshot) == []
        engine.save(tmp_path / "memory")
        assert words_in(tmp_path / "memory") == []
        target.close()


def test_follower_replaces_a_file_that_another_process_was_saving(tmp_path: Path) -> None:
    snapshot = tmp_path / "snapshot"
    with open_store(tmp_path / "letrics.db") as store:
        saved(store, snapshot)
        target = IndexTarget(BitmapEngine(), snapshot, erase_seconds=0)
        target.load(store)
        store.forget([0])
        with alone(snapshot):
            while target.apply(store):
                pass
            target.apply(store)
        target.apply(store)
        assert words_in(snapshot) == []
        target.close()
