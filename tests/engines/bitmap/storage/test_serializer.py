"""Snapshot serializer: a saved index is read back as it was, and an unusable one is refused with the reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from letrics.engines.bitmap.index.index_check import index_differences
from letrics.engines.bitmap.index.index_writer import IndexWriter
from letrics.engines.bitmap.searcher import make_searcher
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache, BitmapStore
from letrics.engines.bitmap.storage.composite_file import Plain, read_composite_file, write_composite_file
from letrics.engines.bitmap.storage.serializer import (
    SnapshotUnusable,
    load_snapshot,
    save_snapshot,
    saved_position,
)
from tests.engines.bitmap.costs import SMALL, random_costs
from tests.engines.bitmap.world import World, changing_worlds, follow, write_index


def _saved(path: Path) -> World:
    world = World(Random(6))
    writer = write_index(world, SMALL)
    save_snapshot(path, writer.columns, writer.searcher)
    return world


def _rewrite(path: Path, change: dict[str, Any]) -> None:
    """Write the file again with some sections replaced; None leaves a section out."""
    leaves = read_composite_file(path) | change
    write_composite_file(
        path,
        {
            name: leaf if isinstance(leaf, np.ndarray | BitmapStore) else Plain(leaf)
            for name, leaf in leaves.items()
            if leaf is not None
        },
    )


@pytest.mark.parametrize("number", range(3))
def test_load_snapshot_saved_index_is_the_same(number: int, tmp_path: Path, seed: int) -> None:
    rng = Random(seed + number)
    costs = random_costs(rng)
    for world, writer in changing_worlds(rng, costs):
        save_snapshot(tmp_path / "index", writer.columns, writer.searcher)
        position, columns, segments, indexes = load_snapshot(tmp_path / "index", BitmapCache(), costs, None)
        assert position == saved_position(tmp_path / "index", costs) == world.log.position()
        assert len(segments) == len(writer.searcher.segments)
        loaded = make_searcher(costs, position, segments, columns, indexes)
        assert index_differences(loaded, writer.searcher) == []
        assert index_differences(loaded, write_index(world, costs).searcher) == []


def test_load_snapshot_loaded_index_follows_the_log(tmp_path: Path) -> None:
    world = _saved(tmp_path / "index")
    world.change()
    writer = IndexWriter.saved(world.store, tmp_path / "index", BitmapCache(), SMALL)
    assert writer is not None
    follow(writer, world)
    assert index_differences(writer.searcher, write_index(world, SMALL).searcher) == []


def test_load_snapshot_calls_pause(tmp_path: Path) -> None:
    calls: list[int] = []
    _saved(tmp_path / "index")
    load_snapshot(tmp_path / "index", BitmapCache(), SMALL, lambda: calls.append(1))
    assert calls


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stamps": {"fields": "another"}}, "other fields"),
        ({"stamps": {}}, "content is invalid"),
        ({"contact/alive": None}, "content is invalid"),
        ({"contact/contact.department/vocabulary": 7}, "content is invalid"),
    ],
)
def test_load_snapshot_unusable_content_is_refused(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    _saved(tmp_path / "index")
    _rewrite(tmp_path / "index", change)
    with pytest.raises(SnapshotUnusable, match=message):
        load_snapshot(tmp_path / "index", BitmapCache(), SMALL, None)


def test_load_snapshot_other_bucket_size_is_refused(tmp_path: Path) -> None:
    _saved(tmp_path / "index")
    costs = replace(SMALL, max_gathered_nums=SMALL.max_gathered_nums + 1)
    with pytest.raises(SnapshotUnusable, match="buckets of another size"):
        load_snapshot(tmp_path / "index", BitmapCache(), costs, None)


def test_saved_position_missing_or_foreign_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        saved_position(tmp_path / "index", SMALL)
    with pytest.raises(FileNotFoundError):
        load_snapshot(tmp_path / "index", BitmapCache(), SMALL, None)
    (tmp_path / "index").write_bytes(b"x" * 100)
    with pytest.raises(SnapshotUnusable, match="not a saved index"):
        saved_position(tmp_path / "index", SMALL)
    _saved(tmp_path / "index")
    _rewrite(tmp_path / "index", {"stamps": {"fields": "another"}})
    with pytest.raises(SnapshotUnusable, match="other fields"):
        saved_position(tmp_path / "index", SMALL)
