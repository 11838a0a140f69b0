"""Bulk load: reads the whole log into columns. Two processes share a large log."""

from __future__ import annotations

import logging
import pickle
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import IO, Any, Final

from letrics.child import NEUTRAL_DIRECTORY
from letrics.collector import no_collection
from letrics.engines.bitmap.columns.column import Column
from letrics.engines.bitmap.columns.table import ColumnStore
from letrics.engines.bitmap.costs import Costs
from letrics.engines.bitmap.index.merge_policy import apply_changes
from letrics.engines.bitmap.index.merger import merge_tables
from letrics.engines.bitmap.storage.serializer import load_table, save_table
from letrics.store.base import Position, Store, StoreReplaced

CountProgress = Callable[[int], None]
"""Called with the number of records read since the last call."""

_log: Final = logging.getLogger("letrics.bulk_load")
_CONTACTS_PREFIX: Final = "contact/"
"""Prefix of the columns that the second process sends."""


def load_log(
    store: Store, costs: Costs, progress: CountProgress, second: Sequence[str] = ()
) -> tuple[ColumnStore, Position]:
    """All records as columns, and the log position they reflect.

    `second` is the command line of a process that opens the same store and calls `send_partition`: it reads half of the
    contacts. Each process begins at its own position and the earlier one is returned: changes in between are found in
    the log after it. Raises StoreReplaced if the process finds another log.
    """
    if not second:
        return _load(store, costs, (0, 1), progress)
    with subprocess.Popen(  # noqa: S603 (our own program)
        second, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=NEUTRAL_DIRECTORY
    ) as helper:
        assert helper.stdin is not None and helper.stdout is not None
        try:
            with suppress(BrokenPipeError):  # if the process has ended, the end of its output shows it
                pickle.dump(costs, helper.stdin)
                helper.stdin.flush()
            columns, position = _load(store, costs, (0, 2), progress)
            start = len(columns.contacts)
            other, other_position = _receive_partition(helper.stdout, store, costs, progress)
        finally:
            helper.kill()
    if position.log != other_position.log:
        raise StoreReplaced("the database was replaced by another one while the index was built")
    merge_tables(columns.contacts, other.contacts, start)
    companies_of_contacts = columns.contacts.company.whole()
    if len(companies_of_contacts):
        columns.companies.grow(int(companies_of_contacts.max()) + 1)
    return columns, min(position, other_position, key=lambda position: position.seq)


def _load(store: Store, costs: Costs, share: tuple[int, int], progress: CountProgress) -> tuple[ColumnStore, Position]:
    """One share of the log (which share, of how many) as columns, and the log position."""
    columns = ColumnStore(costs)
    for deletion_filter in columns.companies.forms.values():
        deletion_filter.expect(store.counts().companies)
    position = store.position()  # of a share without records, to which others may add some from now on
    with no_collection():
        for changes in store.scan(costs.texts_per_step, share):
            position = changes.position
            apply_changes(columns, changes, lambda: None, costs.texts_per_step)
            progress(len(changes.company_nums) + len(changes.contact_nums))
    return columns, position


def send_partition(store: Store, request: IO[bytes], pipe: IO[bytes]) -> None:
    """Main function of the second process: reads its share of the contacts and sends it column by column."""
    costs: Costs = pickle.load(request)  # noqa: S301 (from our own process)

    def send(message: Any) -> None:
        pickle.dump(message, pipe, protocol=5)
        pipe.flush()

    columns, position = _load(store, costs, (1, 2), send)
    send(position)
    tree: dict[str, Any] = {}
    save_table(tree, _CONTACTS_PREFIX, columns.contacts)
    for name, leaf in tree.items():
        send((name, leaf.whole() if isinstance(leaf, Column) else leaf))
    send(None)


def _receive_partition(
    pipe: IO[bytes], store: Store, costs: Costs, progress: CountProgress
) -> tuple[ColumnStore, Position]:
    """The columns and the log position from the second process. If it died, its share is read here."""
    try:
        while isinstance(message := pickle.load(pipe), int):  # noqa: S301 (from our own process)
            progress(message)
        tree: dict[str, Any] = {}
        while (item := pickle.load(pipe)) is not None:  # noqa: S301
            tree[item[0]] = getattr(item[1], "value", item[1])
    except EOFError:
        _log.warning("the second loading process died; loading its share of the log in this process")
        return _load(store, costs, (1, 2), progress)
    columns = ColumnStore(costs)
    load_table(tree, _CONTACTS_PREFIX, columns.contacts)
    return columns, message
