"""The snapshot: columns, vocabularies and layers as of one position of the log, to start from.

A snapshot is trusted only when every part of it has its checksum, it was made under the same meaning of the fields
(`fields.fingerprint`), and its position is one this very log has been at (the engine asks the store).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.arrays import Column, bitmap
from letrics.engines.bitmap.columns import Columns, Table
from letrics.engines.bitmap.container import Damaged, Plain, read_container, read_leaf, write_container
from letrics.engines.bitmap.keys import KeyTable
from letrics.engines.bitmap.layer import Layer, Side, TextPart
from letrics.engines.bitmap.postings import Postings
from letrics.engines.bitmap.state import State, fact_titles
from letrics.engines.bitmap.times import TimeIndex
from letrics.engines.bitmap.titles import TitleIndex
from letrics.fields import fingerprint
from letrics.store.base import Position

Tree = dict[str, Any]


class SnapshotUnusable(Exception):
    """The snapshot is damaged, or was made by a program that understands the fields otherwise."""


def save_snapshot(path: Path, columns: Columns, state: State) -> None:
    """Write what `load_snapshot` takes back. Raises OSError."""
    position = state.position
    tree: Tree = {
        "stamps": Plain(
            {"log": position.log, "seq": position.seq, "batch": position.batch, "fields": fingerprint(),
             "layers": len(state.layers)}
        )
    }  # fmt: skip
    for table in (columns.companies, columns.contacts):
        _save_table(tree, f"{table.owner}/", table)
    for number, layer in enumerate(state.layers):
        _save_side(tree, f"layer{number}/companies/", layer.companies)
        _save_side(tree, f"layer{number}/contacts/", layer.contacts)
    write_container(path, tree)


def load_snapshot(path: Path) -> tuple[Position, Columns, tuple[Layer, ...], dict[str, TitleIndex]]:
    """What was saved. Raises FileNotFoundError, or SnapshotUnusable with the reason in words."""
    try:
        tree = read_container(path)
        stamps = tree["stamps"]
        if stamps["fields"] != fingerprint():
            raise SnapshotUnusable("it was made under other fields, Unicode data, suffix list or gazetteer")
        columns = Columns()
        for table in (columns.companies, columns.contacts):
            _load_table(tree, f"{table.owner}/", table)
        layers = tuple(
            Layer(_load_side(tree, f"layer{n}/companies/"), _load_side(tree, f"layer{n}/contacts/"))
            for n in range(stamps["layers"])
        )
        position = Position(stamps["log"], stamps["seq"], stamps["batch"])
    except FileNotFoundError:
        raise
    except (Damaged, OSError) as error:
        raise SnapshotUnusable(str(error)) from error
    except (KeyError, TypeError, ValueError, msgspec.MsgspecError) as error:
        raise SnapshotUnusable(f"it cannot be read ({type(error).__name__})") from error
    return position, columns, layers, fact_titles(columns, {})


def saved_position(path: Path) -> Position:
    """The position of the log a snapshot was saved at, read in an instant. Raises FileNotFoundError, or
    SnapshotUnusable; the rest of the file may still be damaged."""
    try:
        stamps = read_leaf(path, "stamps")
        return Position(stamps["log"], stamps["seq"], stamps["batch"])
    except (Damaged, KeyError, TypeError, ValueError, msgspec.MsgspecError) as error:
        raise SnapshotUnusable(str(error)) from error


def _columns_of(table: Table) -> list[tuple[str, Column]]:
    named = [("alive", table.alive), ("company", table.company)]
    for name, lists in (*table.lists.items(), *table.keys.items()):
        named += [(f"{name}/start", lists.start), (f"{name}/count", lists.count), (f"{name}/ids", lists.ids)]
    for group in (table.texts, table.flags):
        named += list(group.items())
    named += [(f"{name}/number", column) for name, column in table.times.items()]
    return named


def _save_table(tree: Tree, prefix: str, table: Table) -> None:
    for name, column in _columns_of(table):
        tree[f"{prefix}{name}"] = column.view
    for name, vocabulary in table.vocabularies.items():
        tree[f"{prefix}{name}/vocabulary"] = Plain(vocabulary.dump())
        tree[f"{prefix}{name}/signatures"] = vocabulary.signatures
    for name, book in table.books.items():
        texts, words, columns = book.dump()
        tree[f"{prefix}{name}/texts"], tree[f"{prefix}{name}/words"] = Plain(texts), Plain(words)
        tree[f"{prefix}{name}/words/signatures"] = book.words.signatures
        for column_name, column in columns.items():
            tree[f"{prefix}{name}/{column_name}"] = column.view


def _load_table(tree: Tree, prefix: str, table: Table) -> None:
    for name, column in _columns_of(table):
        column.replace(tree[f"{prefix}{name}"])
    for name, vocabulary in table.vocabularies.items():
        keys, labels = tree[f"{prefix}{name}/vocabulary"]
        vocabulary.restore(keys, labels, tree[f"{prefix}{name}/signatures"])
    for name, book in table.books.items():
        texts, words = tree[f"{prefix}{name}/texts"], tree[f"{prefix}{name}/words"]
        book.restore(texts, words, tree[f"{prefix}{name}/words/signatures"])
        for column_name, column in book.dump()[2].items():
            column.replace(tree[f"{prefix}{name}/{column_name}"])


def _save_side(tree: Tree, prefix: str, side: Side) -> None:
    tree[f"{prefix}covers"] = [side.covers, side.live, *side.flags.values()]
    tree[f"{prefix}names"] = Plain([list(of) for of in (side.flags, side.values, side.times, side.texts, side.keys)])
    for name, postings in side.values.items():
        _save_postings(tree, f"{prefix}{name}/", postings)
    for name, times in side.times.items():
        tree[f"{prefix}{name}/times"], tree[f"{prefix}{name}/nums"] = times.times, times.nums
        for level, sets in enumerate(times.levels):
            tree[f"{prefix}{name}/level{level}"] = sets
    for name, text in side.texts.items():
        _save_postings(tree, f"{prefix}{name}/words/", text.words)
        _save_postings(tree, f"{prefix}{name}/texts/", text.texts)
        tree[f"{prefix}{name}/pieces"] = Plain(list(text.pieces))
        tree[f"{prefix}{name}/piece_sets"] = list(text.pieces.values())
    for name, keys in side.keys.items():
        tree[f"{prefix}{name}/hashes"], tree[f"{prefix}{name}/hash_nums"] = keys.hashes, keys.nums
    if side.of_company is not None:
        _save_postings(tree, f"{prefix}of_company/", side.of_company)


def _load_side(tree: Tree, prefix: str) -> Side:
    flags, values, times, texts, keys = tree[f"{prefix}names"]
    covers, live, *flag_sets = tree[f"{prefix}covers"]
    side = Side(covers, live, flags=dict(zip(flags, flag_sets, strict=True)))
    for name in values:
        side.values[name] = _load_postings(tree, f"{prefix}{name}/")
    for name in times:
        levels: list[list[BitMap]] = []
        while (sets := tree.get(f"{prefix}{name}/level{len(levels)}")) is not None:
            levels.append(sets)
        nums = tree[f"{prefix}{name}/nums"]
        every = live if len(nums) == len(live) else bitmap(nums)
        side.times[name] = TimeIndex(tree[f"{prefix}{name}/times"], nums, every, levels)
    for name in texts:
        pieces = dict(zip(tree[f"{prefix}{name}/pieces"], tree[f"{prefix}{name}/piece_sets"], strict=True))
        words = _load_postings(tree, f"{prefix}{name}/words/")
        side.texts[name] = TextPart(words, _load_postings(tree, f"{prefix}{name}/texts/"), pieces)
    for name in keys:
        side.keys[name] = KeyTable(tree[f"{prefix}{name}/hashes"], tree[f"{prefix}{name}/hash_nums"])
    if f"{prefix}of_company/ids" in tree:
        side.of_company = _load_postings(tree, f"{prefix}of_company/")
    return side


def _save_postings(tree: Tree, prefix: str, postings: Postings) -> None:
    for name in ("ids", "counts", "offsets", "nums"):
        tree[prefix + name] = getattr(postings, name)
    tree[f"{prefix}dense_ids"] = np.array(list(postings.dense), dtype=np.uint32)
    tree[f"{prefix}dense"] = list(postings.dense.values())


def _load_postings(tree: Tree, prefix: str) -> Postings:
    dense = dict(zip(tree[f"{prefix}dense_ids"].tolist(), tree[f"{prefix}dense"], strict=True))
    ids, counts, offsets, nums = (tree[prefix + name] for name in ("ids", "counts", "offsets", "nums"))
    return Postings(ids, counts, offsets, nums, dense)
