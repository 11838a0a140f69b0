"""The follower of the log of a bitmap engine, when the log's file is removed or replaced under it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from letrics.engines.base import EngineLoading, SearchRequest
from letrics.engines.bitmap import BitmapEngine
from letrics.engines.bitmap.costs import Costs
from letrics.engines.bitmap.following.index_target import IndexTarget, SlicePause
from letrics.engines.bitmap.following.rebuilder import alone
from letrics.engines.follower import Follower
from letrics.identity.patches import ContactPatch
from letrics.query import parse_request
from tests.default_backends import open_store
from tests.waiting import wait_for


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "letrics.db"


@pytest.fixture
def engine(path: Path, tmp_path: Path) -> Iterator[BitmapEngine]:
    put(path, "old", 5)
    made = BitmapEngine()
    follower = Follower(IndexTarget(made, tmp_path / "snapshot"), lambda: open_store(path, create=False), 0.01)
    follower.start()
    wait_for(made.ready)
    yield made
    follower.stop()


def put(path: Path, name: str, count: int) -> None:
    with open_store(path) as store:
        store.put_contacts([ContactPatch(company="a.example", external_id=f"{name}{n}") for n in range(count)])


def total(engine: BitmapEngine) -> int:
    """How many contacts there are; -1 while the index is loading."""
    try:
        return asyncio.run(engine.search(SearchRequest(parse_request("contacts", {}).query))).total
    except EngineLoading:
        return -1


def test_follower_of_a_replaced_log_loads_the_new_one(engine: BitmapEngine, path: Path, tmp_path: Path) -> None:
    before = engine.applied()
    put(tmp_path / "other.db", "new", 7)
    (tmp_path / "other.db").replace(path)
    wait_for(lambda: total(engine) == 7)
    after = engine.applied()
    assert before and after and before.log != after.log
    put(path, "more", 2)
    wait_for(lambda: total(engine) == 9)


def test_follower_of_an_older_copy_loads_it(engine: BitmapEngine, path: Path, tmp_path: Path) -> None:
    with open_store(path):  # the last to close it empties the write-ahead log into it
        (tmp_path / "copy.db").write_bytes(path.read_bytes())
    with open_store(tmp_path / "copy.db") as copy:
        assert copy.counts().contacts in (0, 5)
    put(path, "lost", 3)
    wait_for(lambda: total(engine) == 8)
    put(tmp_path / "copy.db", "other", 4)
    (tmp_path / "copy.db").replace(path)
    with open_store(path) as store:
        expected = store.counts().contacts
    wait_for(lambda: total(engine) == expected)


def test_follower_of_a_removed_log_answers_nothing(engine: BitmapEngine, path: Path, tmp_path: Path) -> None:
    path.rename(tmp_path / "away.db")
    wait_for(lambda: not engine.ready())
    assert not path.exists()
    (tmp_path / "away.db").rename(path)
    wait_for(engine.ready)
    assert total(engine) == 5


def test_engine_goes_on_from_what_it_holds(path: Path, tmp_path: Path) -> None:
    put(path, "old", 5)
    engine = BitmapEngine()
    with open_store(path) as store:
        engine.load(store)
        base = engine.base_seq()
        engine.suspend()
        assert not engine.ready() and engine.applied() is None
        put(path, "new", 2)
        engine.load(store, tmp_path / "none", rebase=False)
        assert total(engine) == 7 and engine.base_seq() == base
        put(path, "newer", 1)
        newer = BitmapEngine()
        newer.load(store)
        newer.save(tmp_path / "snapshot")
        engine.suspend()
        engine.load(store, tmp_path / "snapshot", rebase=False)
        assert total(engine) == 8 and engine.base_seq() == newer.seq(), "the snapshot was newer"


def test_outgrown_index_is_merged_by_one_process_at_a_time(path: Path, tmp_path: Path) -> None:
    put(path, "old", 5)
    engine, snapshot = BitmapEngine(costs=Costs(records_per_batch=4)), tmp_path / "snapshot"
    target = IndexTarget(engine, snapshot, quiet_seconds=0)
    with open_store(path) as store:
        assert target.load(store)
        base = engine.base_seq()
        for number in range(3):
            put(path, f"more{number}", 5)
        with alone(tmp_path / "merge") as only:
            assert only
            while target.apply(store):
                pass
            assert engine.outgrown() and engine.base_seq() == base and engine.seq() == store.position().seq
        assert target.apply(store), "a merge"
        assert (engine.outgrown(), engine.base_seq(), total(engine)) == (False, engine.seq(), 20)
        assert not target.apply(store)
        assert engine.verify(store) == []


def test_large_segments_are_merged_by_one_process_at_a_time(path: Path, tmp_path: Path) -> None:
    put(path, "old", 5)
    engines = [BitmapEngine(costs=Costs(nums_per_step=256)) for _ in range(2)]
    targets = [IndexTarget(engine, tmp_path / f"{at}" / "snapshot") for at, engine in enumerate(engines)]
    with open_store(path) as store, alone(tmp_path / "0" / "merge") as only:
        assert only
        for target in targets:
            target.load(store)
        for number in range(12):
            put(path, f"more{number}-", 20)
            assert all(target.apply(store) for target in targets)
        waiting, merging = (engine.counts()["layers"] for engine in engines)
        assert waiting > merging
        assert [total(engine) for engine in engines] == [245, 245]
        assert all(engine.verify(store) == [] for engine in engines)


def test_pause_sleeps_after_a_slice_of_work() -> None:
    now, sleeps = 7.0, list[float]()
    pause = SlicePause(lambda: now, sleeps.append)
    pause()
    for _ in range(32):
        now += 2**-12  # four to a slice, rounded up
        pause()
    assert len(sleeps) == 1 + 6
    now = 0.0  # of another thread
    pause()
    assert len(sleeps) == 1 + 6 + 1


def test_merging_waits_for_the_end_of_an_import_that_changes_little(path: Path, tmp_path: Path) -> None:
    put(path, "old", 20)
    engine = BitmapEngine(costs=Costs(records_per_batch=4))
    target = IndexTarget(engine, tmp_path / "snapshot", quiet_seconds=3_600)
    with open_store(path) as store:
        target.load(store)
        base = engine.base_seq()
        for number in range(3):
            put(path, f"more{number}", 5)
        while target.apply(store):
            pass
        assert engine.outgrown() and engine.base_seq() == base and total(engine) == 35
        for title in ("one", "two"):
            store.put_contacts(
                [ContactPatch(company="a.example", external_id=f"old{n}", job_title=title) for n in range(20)]
            )
        while target.apply(store):
            pass
        assert engine.base_seq() > base and total(engine) == 35, "there are as many changes as records"
        assert engine.verify(store) == []


def test_outgrown_index_is_merged_in_a_home_without_locks(path: Path, tmp_path: Path) -> None:
    put(path, "old", 5)
    engine = BitmapEngine(costs=Costs(records_per_batch=4))
    target = IndexTarget(engine, tmp_path / "snapshot", quiet_seconds=0)
    with open_store(path) as store:
        target.load(store)
        (tmp_path / "merge.lock").mkdir()  # cannot be opened, even by root
        for number in range(3):
            put(path, f"more{number}", 5)
        while target.apply(store):
            pass
        assert (engine.outgrown(), engine.base_seq(), total(engine)) == (False, store.position().seq, 20)


def test_follower_of_a_log_restored_in_place_loads_it(engine: BitmapEngine, path: Path, tmp_path: Path) -> None:
    put(tmp_path / "other.db", "new", 7)
    inode = path.stat().st_ino
    source, target = apsw.Connection(str(tmp_path / "other.db")), apsw.Connection(str(path))
    with target.backup("main", source, "main") as backup:
        backup.step()
    source.close()
    target.close()
    assert path.stat().st_ino == inode
    wait_for(lambda: total(engine) == 7)


@pytest.mark.parametrize("content", [b"damaged", None])
def test_follower_replaces_a_snapshot_that_it_cannot_use(path: Path, tmp_path: Path, content: bytes | None) -> None:
    put(path, "old", 5)
    snapshot = tmp_path / "snapshot"
    if content is not None:
        snapshot.write_bytes(content)
    engine = BitmapEngine()
    follower = Follower(IndexTarget(engine, snapshot), lambda: open_store(path, create=False), 0.01)
    follower.start()
    wait_for(engine.ready)
    wait_for(lambda: snapshot.exists() and snapshot.read_bytes() != content)
    follower.stop()
    with open_store(path) as store:
        assert BitmapEngine().can_load(store, snapshot)
