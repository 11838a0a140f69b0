"""Bulk load: two processes read the same index as one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from letrics.engines.bitmap import BitmapEngine
from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.index.index_check import index_differences
from letrics.store.base import ContactPatch
from letrics.store.sqlite import SqliteStore
from tests.engines.bitmap.index.filled import fill


@pytest.mark.parametrize("contacts", [0, 1, 300])
def test_load_log_two_processes_give_the_same_index(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, contacts: int
) -> None:
    store = SqliteStore.open(tmp_path / "letrics.db")
    fill(store, contacts)
    if contacts > 1:
        found = store.find("contacts", "c7")
        assert found is not None
        store.delete("contacts", [found.num])
    one, two = BitmapEngine(), BitmapEngine(costs=replace(DEFAULT_COSTS, large_segment_records=1))
    one.load(store)
    two.load(store)
    assert caplog.messages == []  # the second process did its share
    assert two.seq() == one.seq()
    assert index_differences(two._ready(), one._ready()) == []
    store.put_contacts([ContactPatch(company="company-3.example", external_id="late", job_title="Head of Late Sales")])
    assert one.catch_up(store) and two.catch_up(store)
    assert index_differences(two._ready(), one._ready()) == []
    store.close()
