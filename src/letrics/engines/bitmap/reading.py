"""The whole log into columns; a large one by two processes, each of which reads a share."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final

from letrics.collector import no_collection
from letrics.engines.bitmap.columns import Columns
from letrics.engines.bitmap.follow import apply_changes
from letrics.engines.bitmap.joining import join_tables
from letrics.engines.bitmap.snapshot import load_table, save_table
from letrics.store.base import Position, Store

Told = Callable[[int], None]
"""Told how many records have been read since it was last told."""

_SCAN: Final = 20_000
_SLICE: Final = 4_096
_CONTACTS: Final = "contact/"


def read_log(store: Store, told: Told, shared: bool) -> tuple[Columns, Position]:
    """All records in columns, and where the log stood. `shared`: by two processes, where the store can be opened
    again by another. What came in between the two beginning is in the log after the position."""
    if not shared:
        return _read(store, (0, 1), told)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    helper = context.Process(target=_read_share, args=(store, theirs), daemon=True)
    helper.start()
    theirs.close()
    try:
        columns, position = _read(store, (0, 2), told)
        other, start, at = _receive(ours, told)
    finally:
        ours.close()
        helper.kill()
        helper.join()
    join_tables(columns.contacts, other.contacts, start)
    employers = columns.contacts.company.whole()
    if len(employers):
        columns.companies.grow(int(employers.max()) + 1)
    return columns, min(position, at, key=lambda position: position.seq)


def _read(store: Store, share: tuple[int, int], told: Told) -> tuple[Columns, Position]:
    columns = Columns()
    position: Position | None = None
    with no_collection():
        for part in store.scan(_SCAN, share):
            position = part.position
            apply_changes(columns, part, lambda: None, _SLICE)
            told(len(part.company_nums) + len(part.contact_nums))
    return columns, position or store.position()


def _read_share(store: Store, pipe: Connection) -> None:
    """What the other process does: its share of the contacts, sent back column by column."""
    columns, position = _read(store, (1, 2), pipe.send)
    alive = columns.contacts.alive.whole()
    pipe.send((position, int(alive.argmax()) if alive.any() else len(alive)))
    tree: dict[str, Any] = {}
    save_table(tree, _CONTACTS, columns.contacts)
    for name, leaf in tree.items():
        pipe.send((name, leaf))
    pipe.send(None)


def _receive(pipe: Connection, told: Told) -> tuple[Columns, int, Position]:
    """The columns the other process has read, the first num in them, and where the log stood for it. Raises EOFError
    where it has died."""
    while isinstance(message := pipe.recv(), int):
        told(message)
    position, start = message
    tree: dict[str, Any] = {}
    while (item := pipe.recv()) is not None:
        tree[item[0]] = getattr(item[1], "value", item[1])
    columns = Columns()
    load_table(tree, _CONTACTS, columns.contacts)
    return columns, start, position
