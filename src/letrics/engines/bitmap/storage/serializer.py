"""The snapshot: columns, vocabularies and layers as of one position of the log, to start from.

A snapshot is trusted only when every part of it has its checksum, it was made under the same meaning of the fields
(`fields.fingerprint`), and its position is one this very log has been at (the engine asks the store).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from letrics.engines.bitmap.columns.table import ColumnStore, RecordTable
from letrics.engines.bitmap.query.query_cache import QueryCache
from letrics.engines.bitmap.searcher import Searcher
from letrics.engines.bitmap.segment.bitset_rows import BitsetRows
from letrics.engines.bitmap.segment.hash_index import HashIndex
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.segment.range_index import RangeIndex
from letrics.engines.bitmap.segment.segment import Segment, SegmentPair, TextPostings
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache
from letrics.engines.bitmap.storage.composite_file import (
    CorruptFile,
    Plain,
    read_composite_file,
    read_leaf,
    write_composite_file,
)
from letrics.engines.bitmap.suggest.deletion_filter import DeletionFilter
from letrics.engines.bitmap.text.ngram_index import NgramIndex
from letrics.engines.bitmap.text.shingles import Shingles
from letrics.engines.bitmap.text.text_index import TextIndex, TextIndexPart
from letrics.fields import fingerprint
from letrics.store.base import Position

Tree = dict[str, Any]


class SnapshotUnusable(Exception):
    """The snapshot is damaged, or was made by a program that understands the fields otherwise."""


def save_snapshot(path: Path, columns: ColumnStore, state: Searcher) -> None:
    """Write what `load_snapshot` takes back. Raises OSError."""
    position = state.position
    tree: Tree = {
        "stamps": Plain(
            {"log": position.log, "seq": position.seq, "batch": position.batch, "fields": fingerprint(),
             "layers": len(state.layers)}
        )
    }  # fmt: skip
    for table in (columns.companies, columns.contacts):
        save_table(tree, f"{table.owner}/", table)
    for number, layer in enumerate(state.layers):
        _save_segment(tree, f"layer{number}/companies/", layer.companies)
        _save_segment(tree, f"layer{number}/contacts/", layer.contacts)
    _save_indexes(tree, state.titles)
    write_composite_file(path, tree)


def load_snapshot(
    path: Path, shelf: BitmapCache, pause: Callable[[], None] | None
) -> tuple[Position, ColumnStore, tuple[SegmentPair, ...], dict[str, TextIndex]]:
    """What was saved; `pause`, where there is one, is called now and then. Raises FileNotFoundError, or
    SnapshotUnusable with the reason in words."""
    try:
        tree = read_composite_file(path, shelf, pause)
        stamps = tree["stamps"]
        if stamps["fields"] != fingerprint():
            raise SnapshotUnusable("it was made under other fields, Unicode data, suffix list or gazetteer")
        columns = ColumnStore()
        for table in (columns.companies, columns.contacts):
            load_table(tree, f"{table.owner}/", table)
        layers = tuple(
            SegmentPair(
                _load_segment(tree, f"layer{n}/companies/", shelf), _load_segment(tree, f"layer{n}/contacts/", shelf)
            )
            for n in range(stamps["layers"])
        )
        position = Position(stamps["log"], stamps["seq"], stamps["batch"])
        titles = _load_indexes(tree, columns)
    except FileNotFoundError:
        raise
    except (CorruptFile, OSError) as error:
        raise SnapshotUnusable(str(error)) from error
    except (AttributeError, KeyError, TypeError, ValueError, msgspec.MsgspecError) as error:
        raise SnapshotUnusable(f"it cannot be read ({type(error).__name__})") from error
    return position, columns, layers, titles


def saved_position(path: Path) -> Position:
    """The position of the log a snapshot was saved at, read in an instant. Raises FileNotFoundError, or
    SnapshotUnusable; the rest of the file may still be damaged."""
    try:
        stamps = read_leaf(path, "stamps")
        return Position(stamps["log"], stamps["seq"], stamps["batch"])
    except (CorruptFile, KeyError, TypeError, ValueError, msgspec.MsgspecError) as error:
        raise SnapshotUnusable(str(error)) from error


def _tables(columns: ColumnStore) -> tuple[RecordTable, RecordTable]:
    return columns.companies, columns.contacts


def _columns_of(table: RecordTable) -> list[tuple[str, Any, str]]:
    """Every column of a table: the name of its leaf, and which attribute of what holds it."""
    named: list[tuple[str, Any, str]] = [("alive", table, "alive"), ("company", table, "company")]
    for name, lists in (*table.lists.items(), *table.keys.items()):
        named += [(f"{name}/{part}", lists, part) for part in ("start", "count", "ids")]
    for group, suffix in ((table.texts, ""), (table.flags, ""), (table.times, "/number")):
        named += [(f"{name}{suffix}", group, name) for name in group]
    for name, book in table.books.items():
        named += [(f"{name}/{part}", book, part) for part in ("codes", "ends", "hashes")]
    return named


def save_table(tree: Tree, prefix: str, table: RecordTable) -> None:
    """Put the columns of one kind of record, with their vocabularies, into the tree."""
    for leaf, holder, name in _columns_of(table):
        column = holder[name] if isinstance(holder, dict) else getattr(holder, name)
        tree[f"{prefix}{leaf}"] = column
    for name, forms in table.forms.items():
        tree[f"{prefix}{name}/forms"] = Plain([len(forms.filters), forms.room])
        for at, filter_ in enumerate(forms.filters):
            tree[f"{prefix}{name}/forms/{at}"] = filter_
    for name, vocabulary in table.vocabularies.items():
        tree[f"{prefix}{name}/vocabulary"] = Plain(vocabulary.dump())
        tree[f"{prefix}{name}/signatures"] = vocabulary.signatures
    for name, book in table.books.items():
        words = book.words
        words.settle()
        tree[f"{prefix}{name}/words"] = np.frombuffer(words.known.text, dtype=np.uint8)
        for part in _NGRAM_PARTS:
            tree[f"{prefix}{name}/words/{part}"] = getattr(words.known, part)
        tree[f"{prefix}{name}/words/hashes"], tree[f"{prefix}{name}/words/ids"] = words.hashes, words.ids
        tree[f"{prefix}{name}/table/hashes"], tree[f"{prefix}{name}/table/ids"] = book.table()


def load_table(tree: Tree, prefix: str, table: RecordTable) -> None:
    """Have an empty table hold what the tree has."""
    for leaf, holder, name in _columns_of(table):
        if isinstance(holder, dict):
            holder[name] = holder[name].over(tree[f"{prefix}{leaf}"])
        else:
            setattr(holder, name, getattr(holder, name).over(tree[f"{prefix}{leaf}"]))
    for name in table.forms:
        filters, room = tree[f"{prefix}{name}/forms"]
        table.forms[name] = DeletionFilter([tree[f"{prefix}{name}/forms/{at}"] for at in range(filters)], room)
    for name, vocabulary in table.vocabularies.items():
        keys, labels = tree[f"{prefix}{name}/vocabulary"]
        vocabulary.restore(keys, labels, tree[f"{prefix}{name}/signatures"])
    for name, book in table.books.items():
        words = f"{prefix}{name}/words"
        known = NgramIndex.restore(tree[words].tobytes(), *(tree[f"{words}/{part}"] for part in _NGRAM_PARTS))
        book.words.restore(known, tree[f"{words}/hashes"], tree[f"{words}/ids"])
        book.restore_table(tree[f"{prefix}{name}/table/hashes"], tree[f"{prefix}{name}/table/ids"])


def _save_indexes(tree: Tree, titles: dict[str, TextIndex]) -> None:
    for name, index in titles.items():
        tree[f"index/{name}/parts"] = Plain([[part.first, part.size] for part in index.parts])
        for number, part in enumerate(index.parts):
            prefix = f"index/{name}/{number}/"
            _save_postings(tree, prefix, part.by_word)
            if part.pairs is not None:
                for leaf in _SHINGLE_PARTS:
                    tree[f"{prefix}pairs/{leaf}"] = getattr(part.pairs, leaf)


def _load_indexes(tree: Tree, columns: ColumnStore) -> dict[str, TextIndex]:
    titles: dict[str, TextIndex] = {}
    for table in _tables(columns):
        for name, book in table.books.items():
            parts = []
            for number, (first, size) in enumerate(tree[f"index/{name}/parts"]):
                prefix = f"index/{name}/{number}/"
                has_pairs = f"{prefix}pairs/{_SHINGLE_PARTS[0]}" in tree
                pairs = Shingles(*(tree[f"{prefix}pairs/{leaf}"] for leaf in _SHINGLE_PARTS)) if has_pairs else None
                parts.append(TextIndexPart(first, size, _load_postings(tree, prefix), pairs))
            titles[name] = TextIndex(book, None, parts)
    return titles


def _save_segment(tree: Tree, prefix: str, side: Segment) -> None:
    tree[f"{prefix}covers"] = [side.covers, side.live, *side.flags.values()]
    tree[f"{prefix}names"] = Plain([list(of) for of in (side.flags, side.values, side.times, side.texts, side.keys)])
    for name, postings in side.values.items():
        _save_postings(tree, f"{prefix}{name}/", postings)
    for name, times in side.times.items():
        tree[f"{prefix}{name}/live"] = [times.live]
        if times.before is not None:
            tree[f"{prefix}{name}/before"] = times.before
        for part in _RANGE_PARTS:
            tree[f"{prefix}{name}/{part}"] = getattr(times, part)
    for name, text in side.texts.items():
        _save_postings(tree, f"{prefix}{name}/words/", text.words)
        _save_postings(tree, f"{prefix}{name}/texts/", text.texts)
        tree[f"{prefix}{name}/pieces"] = Plain(text.pieces)
        tree[f"{prefix}{name}/piece_sets"] = text.sets
    for name, keys in side.keys.items():
        for part in _HASH_PARTS:
            tree[f"{prefix}{name}/{part}"] = getattr(keys, part)
    if side.of_company is not None:
        _save_postings(tree, f"{prefix}of_company/", side.of_company)
        tree[f"{prefix}nums"], tree[f"{prefix}company"] = side.nums, side.company


def _load_segment(tree: Tree, prefix: str, shelf: BitmapCache) -> Segment:
    flags, values, times, texts, keys = tree[f"{prefix}names"]
    covers, live, *flag_sets = tree[f"{prefix}covers"].part(0, len(flags) + 2)
    side = Segment(covers, live, flags=dict(zip(flags, flag_sets, strict=True)), kept=QueryCache(shelf))
    if f"{prefix}of_company/ids" in tree:
        side.of_company = _load_postings(tree, f"{prefix}of_company/")
        side.nums, side.company = tree[f"{prefix}nums"], tree[f"{prefix}company"]
    for name in values:
        side.values[name] = _load_postings(tree, f"{prefix}{name}/")
    for name in times:
        before = tree.get(f"{prefix}{name}/before")
        every = tree[f"{prefix}{name}/live"][0]
        contacts = side.of_company if before is not None else None
        order, nums, ranks, buckets, rests, since = (tree[f"{prefix}{name}/{part}"] for part in _RANGE_PARTS)
        side.times[name] = RangeIndex(order, nums, ranks, every, buckets, rests, since, contacts, before)
    for name in texts:
        words = _load_postings(tree, f"{prefix}{name}/words/")
        whole = _load_postings(tree, f"{prefix}{name}/texts/")
        side.texts[name] = TextPostings(
            words, whole, tree[f"{prefix}{name}/pieces"], tree[f"{prefix}{name}/piece_sets"]
        )
    for name in keys:
        side.keys[name] = HashIndex(*(tree[f"{prefix}{name}/{part}"] for part in _HASH_PARTS))
    return side


def _save_postings(tree: Tree, prefix: str, postings: Postings) -> None:
    for name in _POSTINGS_PARTS:
        tree[prefix + name] = getattr(postings, name)
    tree[f"{prefix}rows/ids"], tree[f"{prefix}rows/bits"] = postings.rows.ids, postings.rows.data.reshape(-1)


def _load_postings(tree: Tree, prefix: str) -> Postings:
    ids, counts, offsets, nums, dense_ids, dense = (tree[prefix + name] for name in _POSTINGS_PARTS)
    rows = BitsetRows(tree[f"{prefix}rows/ids"], tree[f"{prefix}rows/bits"])
    return Postings(ids, counts, offsets, nums, dense_ids, dense, rows)


_NGRAM_PARTS = ("pieces", "order", "reverse")
_HASH_PARTS = ("hashes", "nums", "starts")
_RANGE_PARTS = ("times", "nums", "ranks", "buckets", "rests", "since")
_SHINGLE_PARTS = ("firsts", "seconds", "offsets", "texts")
_POSTINGS_PARTS = ("ids", "counts", "offsets", "nums", "dense_ids", "dense")
