"""Index writer: an index that follows the log equals one that is built from scratch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from letrics.engines.bitmap.index.index_check import index_differences
from letrics.engines.bitmap.index.index_writer import IndexWriter, no_pause
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache
from letrics.engines.bitmap.storage.serializer import save_snapshot
from letrics.store.base import Changes
from tests.engines.bitmap.costs import SMALL, random_costs
from tests.engines.bitmap.log import MemoryLog, company
from tests.engines.bitmap.world import World, follow, write_index

LAZY = replace(SMALL, max_superseded_share=1e9, max_added_share=1e9)
"""No full merges."""
ONE_PROCESS = replace(LAZY, large_segment_records=10**6)
"""One process reads the log."""


def _is_current(writer: IndexWriter, world: World) -> bool:
    fresh = write_index(world, SMALL).searcher
    return writer.searcher.position == world.log.position() and index_differences(writer.searcher, fresh) == []


@pytest.mark.parametrize("number", range(4))
def test_advance_any_changes_and_costs_equal_a_rebuild(number: int, seed: int) -> None:
    rng = Random(seed + number)
    world = World(rng)
    writer = IndexWriter.rebuilt(world.store, BitmapCache(), replace(random_costs(rng), large_segment_records=10**6))
    assert _is_current(writer, world)
    for _ in range(3):
        world.change()
        pause = rng.choice((None, no_pause))
        while writer.advance(
            world.store, rng.choice((None, 3, 50)), pause, rebase=rng.random() < 0.5,
            take_lock=lambda: nullcontext(rng.random() < 0.5),
        ):  # fmt: skip
            pass
        assert _is_current(writer, world) and not writer.broken
    assert not writer.advance(world.store, None)


def test_advance_limit_stops_at_a_batch(seed: int) -> None:
    world = World(Random(seed))
    writer = write_index(world, LAZY)
    before = len(world.log.batches)
    world.change()
    for seq in world.log.batches[before:]:
        assert writer.advance(world.store, 1) and writer.searcher.position.seq == seq


def test_advance_without_the_lock_merges_only_small_segments_or_too_many(seed: int) -> None:
    world = World(Random(seed))
    writer = write_index(world, LAZY)
    before = writer.searcher.segments
    for _ in range(5):
        world.change()
        while writer.advance(world.store, 9, take_lock=lambda: nullcontext(False)):
            *kept, added = after = writer.searcher.segments
            is_small = len(added.companies.covers) + len(added.contacts.covers) < LAZY.min_locked_merge_records
            assert tuple(kept) == before or is_small or len(before) > LAZY.max_unlocked_segments
            before = after
    assert _is_current(writer, world)


def test_advance_gives_the_lock_back_after_the_merge(seed: int) -> None:
    world = World(Random(seed))
    writer, merged = write_index(world, LAZY), list[int]()

    @contextmanager
    def take_lock() -> Iterator[bool]:
        before = writer.searcher
        yield True
        merged.append(len(before.segments) - len(writer.searcher.segments))

    for _ in range(3):
        world.change()
        while writer.advance(world.store, 9, take_lock=take_lock):
            pass
    assert merged and min(merged) >= 0, "each merged at least one segment, and added one"


def test_advance_outgrown_base_is_merged_only_with_rebase(seed: int) -> None:
    world = World(Random(seed))
    writer = write_index(world, replace(SMALL, max_superseded_share=0.0, records_per_batch=1))
    base = writer.base
    world.change()
    world.change()
    follow(writer, world)
    assert writer.outgrown and writer.base == base and len(writer.searcher.segments) > 1
    world.change()
    assert writer.advance(world.store, 100) and writer.base > base and not writer.outgrown


def test_advance_failed_change_is_followed_by_a_rebuild(seed: int) -> None:
    world = World(Random(seed))
    writer = write_index(world, LAZY)
    world.change()

    def fail() -> None:
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        writer.advance(world.store, None, fail)
    assert writer.broken
    assert writer.advance(world.store, None) and not writer.broken and _is_current(writer, world)


def test_renew_several_segments_become_one_base(seed: int) -> None:
    world = World(Random(seed))
    writer = write_index(world, LAZY)
    world.change()
    follow(writer, world)
    world.change()
    writer.renew(world.store)
    assert len(writer.searcher.segments) == 1 and writer.base == world.log.last and _is_current(writer, world)
    segments = writer.searcher.segments
    writer.renew(world.store)
    assert writer.searcher.segments is segments, "there was nothing to do"


class GrowingLog(MemoryLog):
    """A log that gets another company whenever changes are read, once `is_growing` is set."""

    reads = 0
    is_growing = False

    def changes(self, after: int, limit: int) -> Changes | None:
        found = super().changes(after, limit)
        if self.is_growing:
            self.reads += 1
            self.put({1_000 + self.reads: company(f"late{self.reads}.de")})
        return found


def test_renew_during_an_import_ends(seed: int) -> None:
    log = GrowingLog()
    world = World(Random(seed), log=log)
    writer = write_index(world, LAZY)
    world.change()
    end, log.is_growing = log.last, True
    writer.renew(world.store)
    assert writer.base == writer.searcher.position.seq and end <= writer.base < log.last
    assert 0 < log.reads < 20


def test_saved_missing_damaged_or_foreign_snapshot_is_none(tmp_path: Path, seed: int) -> None:
    world, reports = World(Random(seed)), list[str]()
    writer = write_index(world, SMALL)

    def load(of: World) -> IndexWriter | None:
        return IndexWriter.saved(
            of.store, tmp_path / "index", BitmapCache(), SMALL, lambda text, done, total: reports.append(text)
        )

    assert load(world) is None and reports == []
    save_snapshot(tmp_path / "index", writer.columns, writer.searcher)
    loaded = load(world)
    assert loaded is not None and loaded.base == writer.base and reports == []
    other = World(Random(seed))
    other.log.name = "other"
    assert load(other) is None and "belongs to another database" in reports[-1]
    (tmp_path / "index").write_bytes(b"damaged")
    assert load(world) is None and "truncated" in reports[-1]


def test_rebuilt_progress_counts_all_records(seed: int) -> None:
    world, reports = World(Random(seed)), list[tuple[str, int, int]]()
    IndexWriter.rebuilt(world.store, BitmapCache(), ONE_PROCESS, lambda *report: reports.append(report))
    total = len(world.companies) + len(world.contacts)
    assert reports[0] == ("reading records", 0, total) and ("reading records", total, total) in reports
    assert reports[-1][0] == "building the index"
