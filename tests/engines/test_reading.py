"""A log read by two processes gives the index that one gives."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from letrics.engines.bitmap import BitmapEngine
from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.index.index_check import index_differences
from letrics.records import Email, Place
from letrics.store.base import CompanyPatch, ContactPatch
from letrics.store.sqlite import SqliteStore

TITLES = ("Head of Sales", "C++ Engineer", "経理", "VP, R&D", "Sales Manager", None)
NAMES = ("Ada Lovelace", "Søren Kierkegaard", "O'Neil Jane", "李 明")


def _fill(store: SqliteStore, contacts: int) -> None:
    draw = random.Random(5)
    store.put_companies(
        [
            CompanyPatch(
                domain=f"company-{at}.example",
                industries=tuple(draw.sample(("Software", "Banks", "Steel"), draw.randrange(3))),
                locations=(Place(city="Berlin", country="Germany", country_code="DE"),) if at % 2 else (),
                employees=draw.choice((None, 5, 900)),
            )
            for at in range(20)
        ]
    )
    store.put_contacts(
        [
            ContactPatch(
                company=f"company-{draw.randrange(25)}.example",
                external_id=f"c{at}",
                full_name=f"{draw.choice(NAMES)} {at % 50}",
                job_title=draw.choice(TITLES),
                department=draw.choice((None, "Sales", "IT")),
                emails=(Email(value=f"p{at}@company.example", type="personal"),) if at % 3 else (),
            )
            for at in range(contacts)
        ]
    )


@pytest.mark.parametrize("contacts", [0, 1, 300])
def test_two_processes_read_what_one_reads(tmp_path: Path, caplog: pytest.LogCaptureFixture, contacts: int) -> None:
    store = SqliteStore.open(tmp_path / "letrics.db")
    _fill(store, contacts)
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


def test_what_threads_made_in_another_order_is_no_difference(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path / "letrics.db")
    _fill(store, 300)
    one, two = BitmapEngine(), BitmapEngine()
    one.load(store)
    two.load(store)
    for pair in two._ready().segments:
        for segment in (pair.companies, pair.contacts):
            for name in ("values", "flags", "times", "texts", "keys"):
                setattr(segment, name, dict(reversed(getattr(segment, name).items())))
    assert index_differences(two._ready(), one._ready()) == []
    store.close()
