"""Snapshot serializer: maps columns, dictionaries and segments at one log position to a composite file and back.

A snapshot is trusted only if the checksum of every section is right, it was written under the same field definitions
(`fields.fingerprint`), and its position exists in this log (the engine asks the store). The names of sections are part
of the file format: they keep the words of the time when they were added.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from letrics.engines.bitmap.columns.table import ColumnStore, RecordTable
from letrics.engines.bitmap.costs import DEFAULT_COSTS, Costs
from letrics.engines.bitmap.query.query_cache import QueryCache
from letrics.engines.bitmap.searcher import Searcher
from letrics.engines.bitmap.segment.bitset_rows import BitsetRows
from letrics.engines.bitmap.segment.hash_index import HashIndex
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.segment.range_index import RangeIndex, companies_per_bucket, records_per_bucket
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
from letrics.engines.common.erasure_schedule import NEVER, ReadAt
from letrics.fields import fingerprint
from letrics.store.base import Position

Tree = dict[str, Any]
"""Sections by name, see `composite_file`."""


class SnapshotUnusable(Exception):
    """The snapshot is damaged, or was written under other field definitions. The message says which."""


def save_snapshot(path: Path, columns: ColumnStore, searcher: Searcher, built: ReadAt = NEVER) -> None:
    """Write a file that `load_snapshot` reads. Raises OSError."""
    position = searcher.position
    tree: Tree = {
        "stamps": Plain(
            {"log": position.log, "seq": position.seq, "batch": position.batch, "fields": fingerprint(),
             "layers": len(searcher.segments), "bucket": searcher.costs.max_gathered_nums, "built": built}
        )
    }  # fmt: skip
    for table in (columns.companies, columns.contacts):
        save_table(tree, f"{table.owner}/", table)
    for number, pair in enumerate(searcher.segments):
        _save_segment(tree, f"layer{number}/companies/", pair.companies)
        _save_segment(tree, f"layer{number}/contacts/", pair.contacts)
    _save_indexes(tree, searcher.text_indexes)
    write_composite_file(path, tree)


def load_snapshot(
    path: Path, cache: BitmapCache, costs: Costs, pause: Callable[[], None] | None
) -> tuple[Position, ColumnStore, tuple[SegmentPair, ...], dict[str, TextIndex]]:
    """The saved position, columns, segments and text indexes.

    `pause`, if given, is called regularly. Raises FileNotFoundError, or SnapshotUnusable with the reason.
    """
    try:
        tree = read_composite_file(path, cache, pause)
        stamps = tree["stamps"]
        _check_stamps(stamps, costs)
        columns = ColumnStore(costs)
        for table in (columns.companies, columns.contacts):
            load_table(tree, f"{table.owner}/", table)
        segments = tuple(
            SegmentPair(
                _load_segment(tree, f"layer{n}/companies/", cache, costs),
                _load_segment(tree, f"layer{n}/contacts/", cache, costs),
            )
            for n in range(stamps["layers"])
        )
        position = Position(stamps["log"], stamps["seq"], stamps["batch"])
        text_indexes = _load_indexes(tree, columns, costs)
    except FileNotFoundError:
        raise
    except (CorruptFile, OSError) as error:
        raise SnapshotUnusable(str(error)) from error
    except (AttributeError, KeyError, TypeError, ValueError, msgspec.MsgspecError) as error:
        raise SnapshotUnusable(f"its content is invalid ({type(error).__name__})") from error
    return position, columns, segments, text_indexes


def saved_position(path: Path, costs: Costs = DEFAULT_COSTS) -> Position:
    """The log position of a snapshot, in constant time.

    Raises FileNotFoundError, or SnapshotUnusable where the file is no snapshot or was saved with other fields or other
    buckets. The rest of the file is not checked.
    """
    try:
        stamps = read_leaf(path, "stamps")
        _check_stamps(stamps, costs)
        return Position(stamps["log"], stamps["seq"], stamps["batch"])
    except (CorruptFile, KeyError, TypeError, ValueError, msgspec.MsgspecError) as error:
        raise SnapshotUnusable(str(error)) from error


def saved_built(path: Path) -> ReadAt:
    """When the columns of a snapshot were read from the log, in constant time; NEVER if that is not known.

    Raises FileNotFoundError.
    """
    try:
        return _built(read_leaf(path, "stamps"))
    except (CorruptFile, KeyError, TypeError, ValueError, msgspec.MsgspecError):
        return NEVER


def _built(stamps: dict[str, Any]) -> ReadAt:
    seq, ms = stamps.get("built", NEVER)  # earlier versions did not note it
    return int(seq), int(ms)


def _check_stamps(stamps: dict[str, Any], costs: Costs) -> None:
    """Raise SnapshotUnusable where the fields meant something else, or range indexes had other buckets, when the
    snapshot was saved."""
    if stamps["fields"] != fingerprint():
        raise SnapshotUnusable("it was made under other fields, Unicode data, suffix list or gazetteer")
    if stamps["bucket"] != costs.max_gathered_nums:
        raise SnapshotUnusable("its range indexes have buckets of another size")


def _tables(columns: ColumnStore) -> tuple[RecordTable, RecordTable]:
    return columns.companies, columns.contacts


def _columns_of(table: RecordTable) -> list[tuple[str, Any, str]]:
    """Every column of a table: the name of its section, the object or dictionary that holds it, and its attribute or
    key there."""
    named: list[tuple[str, Any, str]] = [("alive", table, "alive"), ("company", table, "company")]
    for name, lists in (*table.lists.items(), *table.keys.items()):
        named += [(f"{name}/{part}", lists, part) for part in ("start", "count", "ids")]
    for group, suffix in ((table.texts, ""), (table.flags, ""), (table.times, "/number")):
        named += [(f"{name}{suffix}", group, name) for name in group]
    for name, forward_index in table.forward_indexes.items():
        named += [(f"{name}/{part}", forward_index, part) for part in ("codes", "ends", "hashes")]
    return named


def save_table(tree: Tree, prefix: str, table: RecordTable) -> None:
    """Add the columns and dictionaries of one kind of record to the tree."""
    for leaf, holder, name in _columns_of(table):
        column = holder[name] if isinstance(holder, dict) else getattr(holder, name)
        tree[f"{prefix}{leaf}"] = column
    for name, deletion_filter in table.forms.items():
        tree[f"{prefix}{name}/forms"] = Plain([len(deletion_filter.filters), deletion_filter.room])
        for at, words_of_filter in enumerate(deletion_filter.filters):
            tree[f"{prefix}{name}/forms/{at}"] = words_of_filter
    for name, dictionary in table.dictionaries.items():
        tree[f"{prefix}{name}/vocabulary"] = Plain(dictionary.dump())
        tree[f"{prefix}{name}/signatures"] = dictionary.signatures
    for name, forward_index in table.forward_indexes.items():
        words = forward_index.words
        words.settle()
        tree[f"{prefix}{name}/words"] = np.frombuffer(words.known.text, dtype=np.uint8)
        for part in _NGRAM_PARTS:
            tree[f"{prefix}{name}/words/{part}"] = getattr(words.known, part)
        tree[f"{prefix}{name}/words/hashes"], tree[f"{prefix}{name}/words/ids"] = words.hashes, words.ids
        tree[f"{prefix}{name}/table/hashes"], tree[f"{prefix}{name}/table/ids"] = forward_index.table(table.costs)


def load_table(tree: Tree, prefix: str, table: RecordTable) -> None:
    """Fill an empty table from the tree."""
    for leaf, holder, name in _columns_of(table):
        if isinstance(holder, dict):
            holder[name] = holder[name].over(tree[f"{prefix}{leaf}"])
        else:
            setattr(holder, name, getattr(holder, name).over(tree[f"{prefix}{leaf}"]))
    for name in table.forms:
        filters, room = tree[f"{prefix}{name}/forms"]
        table.forms[name] = DeletionFilter([tree[f"{prefix}{name}/forms/{at}"] for at in range(filters)], room)
    for name, dictionary in table.dictionaries.items():
        keys, labels = tree[f"{prefix}{name}/vocabulary"]
        dictionary.restore(keys, labels, tree[f"{prefix}{name}/signatures"])
    for name, forward_index in table.forward_indexes.items():
        words = f"{prefix}{name}/words"
        known = NgramIndex.restore(tree[words].tobytes(), *(tree[f"{words}/{part}"] for part in _NGRAM_PARTS))
        forward_index.words.restore(known, tree[f"{words}/hashes"], tree[f"{words}/ids"])
        forward_index.restore_table(tree[f"{prefix}{name}/table/hashes"], tree[f"{prefix}{name}/table/ids"])


def _save_indexes(tree: Tree, text_indexes: dict[str, TextIndex]) -> None:
    """Add the parts of the text indexes to the tree."""
    for name, index in text_indexes.items():
        tree[f"index/{name}/parts"] = Plain([[part.first, part.size] for part in index.parts])
        for number, part in enumerate(index.parts):
            prefix = f"index/{name}/{number}/"
            _save_postings(tree, prefix, part.by_word)
            if part.pairs is not None:
                for leaf in _SHINGLE_PARTS:
                    tree[f"{prefix}pairs/{leaf}"] = getattr(part.pairs, leaf)


def _load_indexes(tree: Tree, columns: ColumnStore, costs: Costs) -> dict[str, TextIndex]:
    """The text indexes from the tree."""
    text_indexes: dict[str, TextIndex] = {}
    for table in _tables(columns):
        for name, forward_index in table.forward_indexes.items():
            parts = []
            for number, (first, size) in enumerate(tree[f"index/{name}/parts"]):
                prefix = f"index/{name}/{number}/"
                has_pairs = f"{prefix}pairs/{_SHINGLE_PARTS[0]}" in tree
                pairs = Shingles(*(tree[f"{prefix}pairs/{leaf}"] for leaf in _SHINGLE_PARTS)) if has_pairs else None
                parts.append(TextIndexPart(first, size, _load_postings(tree, prefix, costs), pairs))
            text_indexes[name] = TextIndex(forward_index, costs, None, parts)
    return text_indexes


def _save_segment(tree: Tree, prefix: str, segment: Segment) -> None:
    """Add one kind of record of a segment to the tree."""
    tree[f"{prefix}covers"] = [segment.covers, segment.alive, *segment.flags.values()]
    tree[f"{prefix}names"] = Plain(
        [list(of) for of in (segment.flags, segment.values, segment.times, segment.texts, segment.keys)]
    )
    for name, postings in segment.values.items():
        _save_postings(tree, f"{prefix}{name}/", postings)
    for name, times in segment.times.items():
        tree[f"{prefix}{name}/live"] = [times.alive]
        if times.before is not None:
            tree[f"{prefix}{name}/before"] = times.before
        for part in _RANGE_PARTS:
            tree[f"{prefix}{name}/{part}"] = getattr(times, part)
    for name, text in segment.texts.items():
        _save_postings(tree, f"{prefix}{name}/words/", text.words)
        _save_postings(tree, f"{prefix}{name}/texts/", text.texts)
        tree[f"{prefix}{name}/pieces"] = Plain(text.pieces)
        tree[f"{prefix}{name}/piece_sets"] = text.sets
    for name, keys in segment.keys.items():
        for part in _HASH_PARTS:
            tree[f"{prefix}{name}/{part}"] = getattr(keys, part)
    if segment.contacts_of_company is not None:
        _save_postings(tree, f"{prefix}of_company/", segment.contacts_of_company)
        tree[f"{prefix}nums"], tree[f"{prefix}company"] = segment.nums, segment.company


def _load_segment(tree: Tree, prefix: str, cache: BitmapCache, costs: Costs) -> Segment:
    """One kind of record of a segment from the tree."""
    flags, values, times, texts, keys = tree[f"{prefix}names"]
    covers, alive, *flag_sets = tree[f"{prefix}covers"].part(0, len(flags) + 2)
    flag_bitmaps = dict(zip(flags, flag_sets, strict=True))
    segment = Segment(costs, covers, alive, flags=flag_bitmaps, query_cache=QueryCache(cache, costs))
    if f"{prefix}of_company/ids" in tree:
        segment.contacts_of_company = _load_postings(tree, f"{prefix}of_company/", costs)
        segment.nums, segment.company = tree[f"{prefix}nums"], tree[f"{prefix}company"]
    for name in values:
        segment.values[name] = _load_postings(tree, f"{prefix}{name}/", costs)
    for name in times:
        before = tree.get(f"{prefix}{name}/before")
        alive_in_range = tree[f"{prefix}{name}/live"][0]
        contacts = segment.contacts_of_company if before is not None else None
        order, nums, ranks, buckets, rests, since = (tree[f"{prefix}{name}/{part}"] for part in _RANGE_PARTS)
        width = records_per_bucket(costs) if contacts is None else companies_per_bucket(costs)
        segment.times[name] = RangeIndex(
            order, nums, ranks, alive_in_range, buckets, rests, since, width, contacts, before
        )
    for name in texts:
        by_word = _load_postings(tree, f"{prefix}{name}/words/", costs)
        by_text = _load_postings(tree, f"{prefix}{name}/texts/", costs)
        segment.texts[name] = TextPostings(
            by_word, by_text, tree[f"{prefix}{name}/pieces"], tree[f"{prefix}{name}/piece_sets"]
        )
    for name in keys:
        segment.keys[name] = HashIndex(*(tree[f"{prefix}{name}/{part}"] for part in _HASH_PARTS))
    return segment


def _save_postings(tree: Tree, prefix: str, postings: Postings) -> None:
    for name in _POSTINGS_PARTS:
        tree[prefix + name] = getattr(postings, name)
    tree[f"{prefix}rows/ids"], tree[f"{prefix}rows/bits"] = postings.rows.ids, postings.rows.data.reshape(-1)


def _load_postings(tree: Tree, prefix: str, costs: Costs) -> Postings:
    ids, counts, offsets, nums, dense_ids, dense = (tree[prefix + name] for name in _POSTINGS_PARTS)
    rows = BitsetRows(tree[f"{prefix}rows/ids"], tree[f"{prefix}rows/bits"], costs)
    return Postings(ids, counts, offsets, nums, dense_ids, dense, rows)


_NGRAM_PARTS: Final = ("pieces", "order", "reverse")
"""Attributes of an n-gram index that are sections."""
_HASH_PARTS: Final = ("hashes", "nums", "starts")
"""Attributes of a hash index that are sections."""
_RANGE_PARTS: Final = ("times", "nums", "ranks", "buckets", "rests", "since")
"""Attributes of a range index that are sections."""
_SHINGLE_PARTS: Final = ("firsts", "seconds", "offsets", "texts")
"""Attributes of shingles that are sections."""
_POSTINGS_PARTS: Final = ("ids", "counts", "offsets", "nums", "dense_ids", "dense")
"""Attributes of postings that are sections."""
