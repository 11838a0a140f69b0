"""Bulk load: two processes read the same index as one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import cast

import pytest

from letrics.backends.partition import partition_command
from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.index.bulk_load import load_log
from letrics.engines.bitmap.index.index_check import index_differences
from letrics.engines.bitmap.index.index_writer import IndexWriter
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache
from letrics.identity.patches import ContactPatch
from letrics.settings import Home
from letrics.store.base import Changes, Store, StoreReplaced
from tests.default_backends import open_store
from tests.engines.bitmap.costs import SMALL
from tests.engines.bitmap.index.filled import fill
from tests.engines.bitmap.world import World, write_index
from tests.wrapped_store import WrappedStore


@pytest.mark.parametrize("contacts", [0, 1, 300])
def test_load_log_two_processes_give_the_same_index(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, contacts: int
) -> None:
    store = open_store(tmp_path / "letrics.db")
    fill(store, contacts)
    if contacts > 1:
        found = store.find("contacts", "c7")
        assert found is not None
        store.delete("contacts", [found.num])
    one = IndexWriter.rebuilt(store, BitmapCache(), DEFAULT_COSTS)
    costs, second = replace(DEFAULT_COSTS, large_segment_records=1), partition_command(Home(tmp_path))
    two = IndexWriter.rebuilt(store, BitmapCache(), costs, second=second)
    assert caplog.messages == []  # the second process did its share
    assert two.base == one.base
    assert index_differences(two.searcher, one.searcher) == []
    store.put_contacts([ContactPatch(company="company-3.example", external_id="late", job_title="Head of Late Sales")])
    assert one.advance(store, None) and two.advance(store, None)
    assert index_differences(two.searcher, one.searcher) == []
    store.close()


def test_load_log_of_an_empty_log_misses_no_batch(tmp_path: Path) -> None:
    class Filled(WrappedStore):
        """A store into which another process puts the first records as soon as it was read."""

        def scan(self, size: int, share: tuple[int, int] = (0, 1)) -> Iterator[Changes]:
            yield from self.store.scan(size, share)
            with open_store(tmp_path / "letrics.db") as other:
                fill(other, 1)

    with Filled(open_store(tmp_path / "letrics.db")) as store:
        _, position = load_log(cast("Store", store), SMALL, lambda _: None)
        assert position.seq == 0


def test_load_log_dead_second_process_is_made_up_for(caplog: pytest.LogCaptureFixture, seed: int) -> None:
    world, counts = World(Random(seed)), list[int]()
    world.change()
    columns, position = load_log(world.store, SMALL, counts.append, [sys.executable, "-c", "pass"])
    assert "the second loading process died" in caplog.text
    assert position == world.log.position() and sum(counts) == len(world.companies) + len(world.contacts)
    shared = IndexWriter.merged(columns, position, BitmapCache(), SMALL)
    assert index_differences(shared.searcher, write_index(world, SMALL).searcher) == []


def test_load_log_second_process_with_another_log_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").make()
    with open_store(tmp_path / "letrics.db") as store, open_store(home.database) as other:
        fill(store, 30)
        fill(other, 30)
        with pytest.raises(StoreReplaced):
            load_log(store, DEFAULT_COSTS, lambda _: None, partition_command(home))
