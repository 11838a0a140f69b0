"""A separate process rebuilds a large index; servers adopt it and keep serving meanwhile."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from letrics.backends.bitmap import rebuild_command
from letrics.backends.rebuild import rebuild_index
from letrics.engines.base import SearchRequest, Window
from letrics.engines.bitmap import BitmapEngine
from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.following.index_target import IndexTarget
from letrics.engines.bitmap.following.rebuilder import Rebuilder, alone
from letrics.engines.follower import Follower
from letrics.identity.patches import ContactPatch
from letrics.query import parse_request
from letrics.settings import Home
from letrics.store.base import Changes, Store
from tests.default_backends import open_store
from tests.engines.bitmap.snapshot_files import change_fields
from tests.waiting import wait_for
from tests.wrapped_store import WrappedStore


def people(*names: str) -> list[ContactPatch]:
    return [ContactPatch(company="one.example", external_id=name, job_title=f"Head of {name}") for name in names]


def total(made: BitmapEngine, title: str) -> int:
    query = parse_request("contacts", {"job_titles": [title]}).query
    return asyncio.run(made.search(SearchRequest(query, Window()))).total


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).make()


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    with open_store(home.database) as opened:
        opened.put_contacts(people("Sales", "Tax"))
        yield opened


def test_follower_starts_rebuilds_and_adopts_their_indexes(
    home: Home, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = BitmapEngine(costs=replace(DEFAULT_COSTS, max_added_share=0.0, records_per_batch=1))
    follower = Follower(
        IndexTarget(made, home.snapshot, rebuild_command(home), large=0, retry_seconds=0.0),
        lambda: open_store(home.database), 0.02,
    )  # fmt: skip
    follower.start()
    try:
        wait_for(made.ready)
        assert home.snapshot.exists() and total(made, "head of") == 2
        first = made.base_seq()
        store.put_contacts(people("Law"))
        wait_for(lambda: total(made, "head of") == 3)
        assert made.base_seq() == first and made.counts()["layers"] == 2
        store.put_contacts(people("Art"))
        wait_for(lambda: made.base_seq() == store.position().seq)
        assert made.counts()["layers"] == 1 and total(made, "head of") == 4
        assert follower.failure is None
    finally:
        follower.stop()


def test_saved_index_that_lacks_many_changes_is_rebuilt(home: Home, store: Store) -> None:
    made = BitmapEngine()
    follower = Follower(
        IndexTarget(made, home.snapshot, rebuild_command(home), large=0, save_after=2, retry_seconds=0.0),
        lambda: open_store(home.database), 0.02,
    )  # fmt: skip
    follower.start()
    try:
        wait_for(made.ready)
        first = made.base_seq()
        store.put_contacts(people("Law"))
        wait_for(lambda: total(made, "head of") == 3)
        assert made.base_seq() == first
        store.put_contacts(people("Art"))
        wait_for(lambda: made.base_seq() == store.position().seq)
        assert made.counts()["layers"] == 1 and total(made, "head of") == 4
    finally:
        follower.stop()


def test_adopt_refuses_an_index_of_another_log_or_damaged(home: Home, store: Store, tmp_path: Path) -> None:
    made = BitmapEngine()
    made.load(store)
    with open_store(tmp_path / "other.db") as other:
        other.put_contacts(people("Nobody"))
        foreign = BitmapEngine()
        foreign.load(other)
        foreign.save(home.snapshot)
    assert not made.can_load(store, home.snapshot) and not made.adopt(store, home.snapshot)
    home.snapshot.write_bytes(home.snapshot.read_bytes()[:-100])
    assert not made.adopt(store, home.snapshot)
    assert total(made, "head of") == 2


def test_index_of_other_fields_counts_as_no_index(home: Home, store: Store) -> None:
    made = BitmapEngine()
    made.load(store)
    made.save(home.snapshot)
    change_fields(home.snapshot)
    assert not made.can_load(store, home.snapshot)
    assert made.lacks(home.snapshot) == made.seq() + 1


def test_follower_replaces_an_index_of_other_fields(home: Home, store: Store) -> None:
    before = BitmapEngine()
    before.load(store)
    before.save(home.snapshot)
    change_fields(home.snapshot)
    made = BitmapEngine()
    follower = Follower(
        IndexTarget(made, home.snapshot, rebuild_command(home), large=0),
        lambda: open_store(home.database), 0.02,
    )  # fmt: skip
    follower.start()
    try:
        wait_for(made.ready)
        assert total(made, "head of") == 2
    finally:
        follower.stop()
    reports: list[str] = []
    BitmapEngine().load(store, home.snapshot, lambda text, done, of: reports.append(text))
    assert reports == []


def test_rebuild_index_runs_in_one_process_at_a_time(home: Home, store: Store) -> None:
    with alone(home.snapshot) as only:
        assert only
        rebuild_index(str(home.path))
        assert not home.snapshot.exists()
    rebuild_index(str(home.path))
    assert home.snapshot.exists()


class GrowingStore(WrappedStore):
    """Gets another contact whenever changes are read, as during an import."""

    def changes(self, after: int, limit: int) -> Changes | None:
        read = self.store.changes(after, limit)
        self.store.put_contacts(people(f"Ship {self.store.position().seq}"))
        return read


def test_renew_ends_while_the_log_grows(home: Home, store: Store) -> None:
    first = BitmapEngine()
    first.load(store)
    first.save(home.snapshot)
    store.put_contacts(people("Law"))
    with GrowingStore(open_store(home.database)) as growing:
        made = BitmapEngine()
        made.renew(cast("Store", growing), home.snapshot)
        assert made.counts()["layers"] == 1 and total(made, "law") == 1 and total(made, "ship") == 0
        assert made.seq() == made.base_seq() < store.position().seq
        made.renew(store)  # without a saved index all is read
        assert total(made, "law") == total(made, "ship") == 1


def test_catch_up_after_a_failure_applies_all_changes(store: Store) -> None:
    made = BitmapEngine()
    made.load(store)
    store.put_contacts(people("Law"))

    def fail() -> None:  # after the first documents were applied to the columns
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        made.catch_up(store, pause=fail)
    assert total(made, "head of") == 2  # what was true before still is
    assert made.catch_up(store) and total(made, "head of") == 3 and made.counts()["layers"] == 1
    assert not made.catch_up(store)


def test_renew_of_a_current_index_changes_nothing(home: Home, store: Store) -> None:
    made = BitmapEngine()
    made.renew(store)
    made.save(home.snapshot)
    again = BitmapEngine()
    again.renew(store, home.snapshot)
    assert again.seq() == made.seq() and total(again, "head of") == 2


def test_failed_rebuild_leaves_the_old_index_and_is_retried(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    snapshot = tmp_path / "snapshot"
    snapshot.write_bytes(b"old")
    rebuilder = Rebuilder([sys.executable, "-c", "raise SystemExit(3)"], snapshot)
    rebuilder.start()
    rebuilder.wait(lambda: False)
    assert "exit code 3" in caplog.text and snapshot.read_bytes() == b"old" and not rebuilder.arrived()
    rebuilder.start()
    assert not rebuilder.running()
    snapshot.unlink()
    snapshot.write_bytes(b"new")
    assert rebuilder.arrived() and not rebuilder.arrived()
