"""Merger: two shares of the contacts, each with its own dictionaries, give the index of one reading."""

from __future__ import annotations

from random import Random

import pytest

from letrics.engines.bitmap.columns.table import ColumnStore
from letrics.engines.bitmap.index.index_check import index_differences
from letrics.engines.bitmap.index.index_writer import IndexWriter, no_pause
from letrics.engines.bitmap.index.merge_policy import apply_changes
from letrics.engines.bitmap.index.merger import merge_tables
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache
from tests.engines.bitmap.costs import SMALL
from tests.engines.bitmap.world import World, write_index


def _read(world: World, share: tuple[int, int]) -> ColumnStore:
    columns = ColumnStore(SMALL)
    for changes in world.log.scan(1, share):
        apply_changes(columns, changes, no_pause, 10)
    return columns


@pytest.mark.parametrize("contacts", [0, 1, 2, 80])
def test_merge_tables_two_shares_equal_one_reading(contacts: int, seed: int) -> None:
    world = World(Random(seed), contacts=contacts)
    columns, other = _read(world, (0, 2)), _read(world, (1, 2))
    merge_tables(columns.contacts, other.contacts, len(columns.contacts))
    merged = IndexWriter.merged(columns, world.log.position(), BitmapCache(), SMALL)
    assert index_differences(merged.searcher, write_index(world, SMALL).searcher) == []


def test_merge_tables_terms_and_texts_are_not_repeated(seed: int) -> None:
    world = World(Random(seed))
    columns, other = _read(world, (0, 2)), _read(world, (1, 2))
    merge_tables(columns.contacts, other.contacts, len(columns.contacts))
    for name, dictionary in columns.contacts.dictionaries.items():
        assert len(set(dictionary.keys)) == len(dictionary), name
    for name, texts in columns.contacts.forward_indexes.items():
        assert len(set(texts)) == len(texts), name
        assert len(set(texts.words)) == len(texts.words), name


def test_merge_tables_nothing_new_changes_nothing(seed: int) -> None:
    world = World(Random(seed))
    columns = _read(world, (0, 1))
    merge_tables(columns.contacts, _read(world, (0, 2)).contacts, len(columns.contacts))
    merged = IndexWriter.merged(columns, world.log.position(), BitmapCache(), SMALL)
    assert index_differences(merged.searcher, write_index(world, SMALL).searcher) == []
