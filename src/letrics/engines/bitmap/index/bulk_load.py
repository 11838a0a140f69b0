"""The whole log into columns; a large one by two processes, each of which reads a share."""

from __future__ import annotations

import logging
import pickle
import subprocess
from collections.abc import Callable
from typing import IO, Any, Final

from letrics.child import NEUTRAL_DIRECTORY, python_command
from letrics.collector import no_collection
from letrics.engines.bitmap.columns.column import Column
from letrics.engines.bitmap.columns.table import ColumnStore
from letrics.engines.bitmap.index.merge_policy import apply_changes
from letrics.engines.bitmap.index.merger import merge_tables
from letrics.engines.bitmap.storage.serializer import load_table, save_table
from letrics.store.base import Position, Store

CountProgress = Callable[[int], None]
"""Told how many records have been read since it was last told."""

_log: Final = logging.getLogger("letrics.reading")
_RECORDS_PER_BATCH: Final = 4_096
"""So many records are read and taken into columns at a time."""
_CONTACTS_PREFIX: Final = "contact/"
_PROGRAM: Final = """
import pickle
from letrics.engines.bitmap.index.bulk_load import load_partition
load_partition(pickle.load(sys.stdin.buffer), sys.stdout.buffer)
"""
"""A process of its own, not a fork: it would share locks and connections. And not of multiprocessing, which runs the
main module of whoever uses this program again."""


def load_log(store: Store, told: CountProgress, shared: bool) -> tuple[ColumnStore, Position]:
    """All records in columns, and where the log stood. `shared`: by two processes, where the store can be opened
    again by another. What came in between the two beginning is in the log after the position."""
    if not shared:
        return _load(store, (0, 1), told)
    with subprocess.Popen(  # noqa: S603 (our own)
        python_command(_PROGRAM), stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=NEUTRAL_DIRECTORY
    ) as helper:
        assert helper.stdin is not None and helper.stdout is not None
        try:
            pickle.dump(store, helper.stdin)
            helper.stdin.close()
            columns, position = _load(store, (0, 2), told)
            start = len(columns.contacts)
            other, at = _receive_partition(helper.stdout, store, told)
        finally:
            helper.kill()
    merge_tables(columns.contacts, other.contacts, start)
    employers = columns.contacts.company.whole()
    if len(employers):
        columns.companies.grow(int(employers.max()) + 1)
    return columns, min(position, at, key=lambda position: position.seq)


def _load(store: Store, share: tuple[int, int], told: CountProgress) -> tuple[ColumnStore, Position]:
    columns = ColumnStore()
    for forms in columns.companies.forms.values():
        forms.expect(store.counts().companies)
    position: Position | None = None
    with no_collection():
        for part in store.scan(_RECORDS_PER_BATCH, share):
            position = part.position
            apply_changes(columns, part, lambda: None, _RECORDS_PER_BATCH)
            told(len(part.company_nums) + len(part.contact_nums))
    return columns, position or store.position()


def load_partition(store: Store, pipe: IO[bytes]) -> None:
    """What the other process does: its share of the contacts, sent back column by column."""

    def send(message: Any) -> None:
        pickle.dump(message, pipe, protocol=5)
        pipe.flush()

    columns, position = _load(store, (1, 2), send)
    send(position)
    tree: dict[str, Any] = {}
    save_table(tree, _CONTACTS_PREFIX, columns.contacts)
    for name, leaf in tree.items():
        send((name, leaf.whole() if isinstance(leaf, Column) else leaf))
    send(None)


def _receive_partition(pipe: IO[bytes], store: Store, told: CountProgress) -> tuple[ColumnStore, Position]:
    """The columns the other process has read, and where the log stood for it; read here where it has died."""
    try:
        while isinstance(message := pickle.load(pipe), int):  # noqa: S301 (from our own process)
            told(message)
        tree: dict[str, Any] = {}
        while (item := pickle.load(pipe)) is not None:  # noqa: S301
            tree[item[0]] = getattr(item[1], "value", item[1])
    except EOFError:
        _log.warning("the process that read a share of the log has died; reading it here")
        return _load(store, (1, 2), told)
    columns = ColumnStore()
    load_table(tree, _CONTACTS_PREFIX, columns.contacts)
    return columns, message
