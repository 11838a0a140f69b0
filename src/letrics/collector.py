"""Pauses Python's garbage collector, or has it run seldom, during work that creates many objects and few cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_OBJECTS_BETWEEN_COLLECTIONS: Final = 1_000_000
"""Containers that are made and not freed until the garbage collector runs, during `rare_collection`. Normally hundreds
are."""


@contextmanager
def no_collection() -> Iterator[None]:
    """Disable the garbage collector, which would traverse all existing objects repeatedly.

    It took 25 % of the time of a batch, 33 % of an import and 67 % of an index load (44 s with it, 13 s without, at 1
    million contacts).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def rare_collection() -> Iterator[None]:
    """Have the garbage collector run seldom, for work of many minutes: cycles are not freed at all without it.

    This is a setting of the whole process, so two such blocks must end in the reverse order of their beginnings. The
    collector took 24 % of the process's time while the indexes of an OpenSearch cluster were loaded.
    """
    threshold, *others = gc.get_threshold()
    gc.set_threshold(max(threshold, _OBJECTS_BETWEEN_COLLECTIONS) if threshold else 0, *others)
    try:
        yield
    finally:
        gc.set_threshold(threshold, *others)
