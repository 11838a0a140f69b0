"""Progress on standard error: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

SECONDS: Final = 2.0
"""Plain lines come at most this often."""


class Meter:
    """Tells how far something is. Used as a `with` block; `total` is None where the end is not known."""

    def __init__(self, console: Console, silent: bool = False) -> None:
        self._console = console
        self._silent = silent
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._last = time.monotonic()

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

    def show(self, text: str, done: int | None, total: int | None, detail: str = "") -> None:
        """`done` of `total` of what `text` says; `detail` is shown beside it."""
        if self._bar is not None:
            if self._task is None:
                self._task = self._bar.add_task(text, total=total, detail=detail)
            self._bar.update(self._task, description=text, total=total, completed=done or 0, detail=detail)
        elif not self._silent and time.monotonic() - self._last >= SECONDS:
            self._last = time.monotonic()
            share = f" {100 * done // total} %" if done is not None and total else ""
            self._console.print(f"{text}:{share} {detail}".rstrip(" :"), markup=False)

    def of_load(self, text: str, done: int, total: int) -> None:
        """As an engine tells of its loading."""
        if not done and not total and not self._silent:  # a remark, such as why a saved index is not used
            self._console.print(text, markup=False)
            return
        self.show(text, done, total or None, f"{done:,} of {total:,}" if total else f"{done:,}")
