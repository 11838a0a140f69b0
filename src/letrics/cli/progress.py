"""Progress on standard error: a bar on a terminal, otherwise a plain line every few seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

SECONDS: Final = 2.0
"""The minimum time between two plain lines, in seconds."""


class Meter:
    """Progress display, used as a context manager. `clock` returns seconds."""

    def __init__(self, console: Console, silent: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._silent = silent
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._clock = clock
        self._last = clock()

    def __enter__(self) -> Meter:
        if self._console.is_terminal and not self._silent:
            self._bar = Progress(
                TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(),
                TimeRemainingColumn(), TextColumn("{task.fields[detail]}", markup=False),
                console=self._console, transient=True,
            )  # fmt: skip
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Hide the bar while the user is asked something."""
        if self._bar is not None:
            self._bar.stop()
        yield
        if self._bar is not None:
            self._bar.start()

    def show(self, text: str, done: int | None, total: int | None, detail: str = "") -> None:
        """Show `done` of `total` for the task `text`, followed by `detail`. `total` is None if it is not known."""
        if self._bar is not None:
            if self._task is None:
                self._task = self._bar.add_task(text, total=total, detail=detail)
            self._bar.update(self._task, description=text, total=total, completed=done or 0, detail=detail)
        elif not self._silent and self._clock() - self._last >= SECONDS:
            self._last = self._clock()
            share = f" {100 * done // total} %" if done is not None and total else ""
            self._console.print(f"{text}:{share} {detail}".rstrip(" :"), markup=False)

    def of_load(self, text: str, done: int, total: int) -> None:
        """Show the progress of an engine that loads its index. Without counts, `text` is a notice."""
        if not done and not total and not self._silent:  # for example, why a saved index is not used
            self._console.print(text, markup=False)
            return
        self.show(text, done, total or None, f"{done:,} of {total:,}" if total else f"{done:,}")

    def of_copy(self, table: str, done: int, total: int) -> None:
        """Show the progress of reading a table, or a file of a backup: a name with a dot, whose counts are bytes."""
        if "." in table:
            self.show(f"reading {table}", done or None, total or None, f"{done / 1e6:,.1f} of {total / 1e6:,.1f} MB")
            return
        self.show(f"table {table}", done or None, total or None, f"{done:,} of {total:,} rows" if total else "")
