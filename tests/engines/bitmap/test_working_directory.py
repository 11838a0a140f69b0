"""The bitmap engine's processes run nothing from the working directory."""

from __future__ import annotations

from pathlib import Path

from letrics.backends.bitmap import rebuild_command
from letrics.backends.partition import partition_command
from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.following.rebuilder import Rebuilder
from letrics.engines.bitmap.index.bulk_load import load_log
from letrics.settings import Home
from tests.default_backends import open_store
from tests.reliability.running import until
from tests.reliability.working_directory import home, hostile, ran

__all__ = ["home", "hostile"]


def test_renewal_imports_nothing_from_the_working_directory(hostile: Path, home: Home) -> None:
    rebuilder = Rebuilder(rebuild_command(home), home.snapshot)
    rebuilder.start()
    until(lambda: not rebuilder.running())
    assert home.snapshot.exists() and ran(hostile) == ""


def test_second_reader_imports_nothing_from_the_directory(hostile: Path, home: Home) -> None:
    with open_store(home.database) as store:
        columns, position = load_log(store, DEFAULT_COSTS, lambda _: None, partition_command(home))
        assert position.seq == store.position().seq and len(columns.contacts) == 9
    assert ran(hostile) == ""
