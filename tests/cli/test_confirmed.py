"""Records that another process changes between the confirmation and the deletion."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import pytest

from letrics.cli.confirmed import ByFilter, ByIds, Judged, Outcome, Selection, delete_confirmed
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.query import parse_request
from letrics.records import Kind
from letrics.store.base import Store
from tests.default_backends import loaded_engine, open_store

Filter = Callable[..., ByFilter]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "letrics.db") as opened:
        opened.put_companies([CompanyPatch(domain=f"{name}.example", industries=("Steel",)) for name in "abc"])
        opened.put_contacts([person(f"{name}{n}", f"{name}.example") for name in "abc" for n in range(2)])
        yield opened


@pytest.fixture
def by_filter(store: Store, tmp_path: Path) -> Filter:
    engine = loaded_engine(tmp_path, store)

    def make(kind: Kind, **body: Any) -> ByFilter:
        return ByFilter(kind, store, engine, parse_request(kind, body).query)

    return make


def person(id: str, company: str, title: str = "Smith") -> ContactPatch:
    return ContactPatch(company=company, external_id=id, job_title=title)


def ids(store: Store) -> list[str]:
    return [f"{name}{n}" for name in "abc" for n in range(4) if store.find("contacts", f"{name}{n}")]


def test_contacts_that_no_longer_match_are_left(store: Store, by_filter: Filter) -> None:
    selection = by_filter("contacts", job_titles=["smith"], industries=["Steel"])
    confirmed = selection.judge()
    assert len(confirmed.nums) == 6
    store.put_contacts([person("a0", "a.example", "Baker"), person("a1", "a.example", "Chief Smith")])
    store.put_companies([CompanyPatch(domain="b.example", industries=("Bread",))])
    assert delete_confirmed(store, "contacts", selection, confirmed, False) == Outcome(deleted=3, unmatched=3)
    assert ids(store) == ["a0", "b0", "b1"], "a1 was changed and still matches"


def test_contacts_added_after_are_not_deleted(store: Store, by_filter: Filter) -> None:
    selection = by_filter("contacts", job_titles=["smith"])
    confirmed = selection.judge()
    store.put_contacts([person("a2", "a.example"), person("a0", "a.example", "Head Smith")])
    assert delete_confirmed(store, "contacts", selection, confirmed, False) == Outcome(deleted=6)
    assert ids(store) == ["a2"]


def test_companies_with_more_contacts_are_left(store: Store, by_filter: Filter) -> None:
    selection = by_filter("companies", industries=["Steel"])
    confirmed = selection.judge()
    assert len(confirmed.contact_nums) == 6
    store.put_contacts([person("a2", "a.example"), person("b0", "b.example", "Baker")])
    assert delete_confirmed(store, "companies", selection, confirmed, True) == Outcome(deleted=6, grown=1)
    assert ids(store) == ["a0", "a1", "a2"]


def test_companies_with_other_contacts_are_left(store: Store, by_filter: Filter) -> None:
    for selection in (by_filter("companies", industries=["Steel"]), ByIds("companies", store, ["a.example"])):
        confirmed = selection.judge()
        store.delete("contacts", [store.find("contacts", "a1").num])  # type: ignore[union-attr]
        store.put_contacts([person("a1", "a.example", "Another")])
        deleted = delete_confirmed(store, "companies", selection, confirmed, True)
        assert deleted.grown == 1 and store.find("contacts", "a1")
    assert ids(store) == ["a0", "a1"]


def test_a_contact_moved_to_a_company_keeps_it(store: Store) -> None:
    selection = ByIds("companies", store, ["a.example"])
    confirmed = selection.judge()
    store.delete("contacts", confirmed.contact_nums[:1].tolist())
    store.put_contacts([ContactPatch(company="a.example", external_id="b0", job_title="Smith")])
    found = store.find("contacts", "b0")
    assert found is not None and b'"domain":"a.example"' in found.document
    assert delete_confirmed(store, "companies", selection, confirmed, True) == Outcome(grown=1)


def test_a_company_that_got_its_first_contact_is_left(store: Store) -> None:
    store.delete("contacts", [0, 1])
    selection = ByIds("companies", store, ["a.example"])
    confirmed = selection.judge()
    store.put_contacts([person("a2", "a.example")])
    assert delete_confirmed(store, "companies", selection, confirmed, False) == Outcome(grown=1)


def test_an_id_deletes_its_record_though_it_changed(store: Store) -> None:
    selection = ByIds("contacts", store, ["a0", "a1", "b0", "none"])
    confirmed = selection.judge()
    assert selection.missing == ["none"]
    store.put_contacts([person("a0", "a.example", "Baker"), person("none", "a.example")])
    store.delete("contacts", [1])
    store.put_contacts([person("a1", "a.example")])  # another record with the id, which was not shown
    assert delete_confirmed(store, "contacts", selection, confirmed, False) == Outcome(deleted=2)
    assert store.find("contacts", "none") and ids(store) == ["a1", "b1", "c0", "c1"]


def test_records_that_keep_changing_are_left(store: Store) -> None:
    class Restless:
        """Each time after it has judged, another process changes the record."""

        def __init__(self, inner: Selection) -> None:
            self.inner, self.times = inner, 0

        def judge(self, among: Collection[int] | None = None) -> Judged:
            judged = self.inner.judge(among)
            self.times += 1
            store.put_contacts([person("a0", "a.example", f"Smith {self.times}")])
            return judged

    selection = Restless(ByIds("contacts", store, ["a0", "b0"]))
    confirmed = selection.judge()
    assert delete_confirmed(store, "contacts", selection, confirmed, False) == Outcome(deleted=1, unsettled=1)
    assert 2 < selection.times < 20 and store.find("contacts", "a0")
