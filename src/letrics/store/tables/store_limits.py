"""The sizes and waiting times of the SQLite store."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoreLimits:
    """Limits that decide how a store works, never what it stores. Tests pass small ones."""

    rows_in_memory: int = 20_000
    """Rows of a batch that are processed in memory at a time."""
    large_batch_rows: int = 5_000
    """Number of rows from which a batch counts as part of an import, with more batches to follow."""
    erase_wait_ms: int = 500
    """Milliseconds that a deletion waits for readers before it postpones emptying the write-ahead log."""
    max_recent_keys: int = 2_000_000
    """Maximum number of recent keys (see `letrics.store.tables.recent`).

    Twice the number would halve the work of moving keys and double what each batch rewrites.
    """
    undo_days: int = 90
    """Days for which an import can be undone. The former states of the records that it changed are stored that long."""
