"""What every search engine must do when it is loaded, closed, and when the log changes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from letrics.engines.base import EngineLoading, OutOfTime, SearchRequest, Window
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.query import Query, parse_request
from letrics.store.base import Store
from tests.conformance.asked import Asked
from tests.conformance.engine.making import Maker
from tests.conformance.world import BERLIN, MUNICH, person
from tests.matrix.stores import StoreMaker

EVERYBODY = ["p0", "p1", "p2", "p3", "p4", "p5"]


def test_a_window_continues_after_a_record_that_is_no_hit(asked: Asked) -> None:
    hits = asked.hits("contacts", Window(after=1, size=1), departments=["finance"])
    assert (hits.total, list(hits.nums), hits.more) == (2, [2], False)
    asked.store.delete("contacts", [2])
    asked.follow()
    assert list(asked.hits("contacts", Window(after=2, size=2)).nums) == [3, 4]
    assert list(asked.hits("contacts", Window("newest", after=2, size=2)).nums) == [1, 0]


def test_facets_of_hits_as_many_as_the_records_changed_last(asked: Asked) -> None:
    asked.store.put_contacts([person("p6", "delta.com", "Newcomer", 7, department="Legal")])
    asked.follow()
    assert asked.facets("contacts", is_decision_maker=True)["departments"] == {"Finance": 1}


def test_not_ready_before_it_is_loaded(maker: Maker, store: Store) -> None:
    made = maker(60_000)
    engine = made.engine
    assert asyncio.run(engine.position()) is None
    with pytest.raises(EngineLoading):
        asyncio.run(engine.search(SearchRequest(Query("contacts"))))
    with pytest.raises(EngineLoading):
        asyncio.run(engine.search(SearchRequest(Query("contacts"), unmatched=True)))
    made.load(store)
    assert asyncio.run(engine.position()) == store.position()


def test_closed_engine_finds_nothing(maker: Maker, store: Store) -> None:
    made = maker(60_000)
    made.load(store)
    engine = made.engine
    engine.close()
    assert asyncio.run(engine.position()) is None
    with pytest.raises(EngineLoading):
        asyncio.run(engine.search(SearchRequest(Query("contacts"))))


def test_a_query_past_its_time_budget(maker: Maker, store: Store) -> None:
    made = maker(0)
    made.load(store)
    body = {"job_titles": ["e r", "a n"], "industries": ["software"], "exclude_technologies": ["c"]}
    with pytest.raises(OutOfTime):
        asyncio.run(made.engine.search(SearchRequest(parse_request("contacts", body).query)))


def test_an_empty_store(maker: Maker, stores: StoreMaker, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    empty = stores(tmp_path / "empty").open(create=True)
    made = maker(60_000)
    made.load(empty)
    asked = Asked(made, empty)
    assert asked.contacts() == [] and asked.companies(exclude_tlds=["com"]) == []
    assert asked.unmatched("companies", tlds=["com"]) == [("tlds", "com", ())]
    empty.put_contacts([person("first", "new.example", "First", 1)])
    asked.follow()
    assert asked.contacts(tlds=["example"]) == ["first"]
    empty.close()


class TestChanges:
    """After catching up, results are those of the log, whatever the order of changes."""

    def test_nothing_to_catch_up(self, asked: Asked) -> None:
        assert asked.apply() is False

    def test_unseen_until_caught_up(self, asked: Asked) -> None:
        asked.store.put_contacts([person("p6", "alpha.de", "Newcomer", 7)])
        assert asked.contacts(job_titles=["newcomer"]) == []
        assert asked.apply() is True
        assert asked.contacts(job_titles=["newcomer"]) == ["p6"]
        assert asyncio.run(asked.engine.position()) == asked.store.position()

    def test_changed_record_keeps_its_place_not_its_old_values(self, asked: Asked) -> None:
        asked.store.put_contacts(
            [ContactPatch(external_id="p1", company="alpha.de", job_title="Pilot", department=None)]
        )
        asked.follow()
        assert asked.contacts(job_titles=["pilot"]) == ["p1"]
        assert asked.contacts(job_titles=["c++"]) == asked.contacts(departments=["R&D"]) == []
        assert asked.contacts() == EVERYBODY
        assert asked.unmatched("contacts", departments=["R&D"])[0][:2] == ("departments", "R&D")

    def test_what_was_unmatched_is_looked_for_again(self, asked: Asked) -> None:
        body = {"departments": ["Legal", "R&D"], "job_titles": ["pilot", "c++"], "domains": ["delta.com", "delt.com"]}
        missing = ["Legal", "pilot", "delta.com", "delt.com"]
        for _ in range(2):
            found = asked.unmatched("contacts", **body)
            assert [value for _, value, _ in found] == missing and found[-1][2] == ()
        asked.store.put_contacts(
            [ContactPatch(external_id="p1", company="delta.com", job_title="Pilot", department="Legal")]
        )
        asked.follow()
        found = asked.unmatched("contacts", **body)
        assert [value for _, value, _ in found] == ["R&D", "c++", "delt.com"]

    def test_suggestions_are_looked_for_again(self, suggesting: Asked) -> None:
        asked, body = suggesting, {"domains": ["delta.com", "delt.com"]}
        assert [found[2] for found in asked.unmatched("contacts", **body)] == [(), ()]
        asked.store.put_contacts([ContactPatch(external_id="p1", company="delta.com")])
        asked.follow()
        assert asked.unmatched("contacts", **body) == [("domains", "delt.com", ("delta.com",))]

    def test_a_company_change_reaches_its_contacts(self, asked: Asked) -> None:
        asked.store.put_companies(
            [CompanyPatch(domain="alpha.de", industries=("Mining",), locations=(MUNICH,), emails=())]
        )
        asked.follow()
        assert asked.contacts(industries=["mining"]) == ["p0", "p1", "p5"]
        assert asked.contacts(industries=["fintech"]) == asked.contacts(locations=["Texas, US"]) == []
        assert asked.contacts(company_has_generic_email=True) == []
        assert asked.contacts(updated_after="2026-06-01") == ["p0", "p1", "p5"]
        assert asked.contacts(contact_updated_after="2026-06-01") == []
        assert asked.contacts(contact_updated_before="2026-05-02") == ["p0", "p1"]
        assert asked.companies(locations=["Bavaria, DE"]) == ["alpha", "beta"]

    def test_contact_updated_after_a_change_finds_it(self, asked: Asked) -> None:
        asked.store.put_contacts([ContactPatch(external_id="p1", company="alpha.de", department="Legal")])
        asked.follow()
        assert asked.contacts(contact_updated_after="2026-06-01") == ["p1"]
        assert asked.contacts(contact_updated_before="2026-05-03") == ["p0", "p2"]

    def test_a_contact_that_moves_is_judged_by_its_new_company(self, asked: Asked) -> None:
        asked.store.put_contacts([ContactPatch(external_id="p0", company="delta.com")])
        asked.follow()
        assert asked.contacts(domains=["delta.com"]) == asked.contacts(technologies=["cobol"]) == ["p0"]
        assert asked.contacts(domains=["alpha.de"]) == ["p1", "p5"]
        asked.store.put_companies([CompanyPatch(domain="delta.com", locations=(BERLIN,))])
        asked.store.put_companies([CompanyPatch(domain="alpha.de", locations=())])
        asked.follow()
        assert asked.contacts(locations=["berlin"]) == ["p0"]

    def test_a_contact_without_a_company_matches_no_company_filter(self, asked: Asked) -> None:
        asked.store.put_contacts(
            [
                ContactPatch(external_id="p0", company=None),
                ContactPatch(external_id="p6", job_title="Pilot", updated_at="2026-05-09T00:00:00.000Z"),
            ]
        )
        asked.follow()
        assert asked.contacts() == [*EVERYBODY, "p6"]
        for body in (
            {"domains": ["alpha.de"]}, {"tlds": ["de"]}, {"industries": ["fintech"]}, {"company_names": ["a"]},
            {"employees_min": 0}, {"added_before": "2030-01-01"}, {"first_seen_before": "2030-01-01"},
            {"locations": ["Europe"]}, {"company_has_generic_email": True}, {"company_has_linkedin_profile": True},
        ):  # fmt: skip
            assert not {"p0", "p6"} & set(asked.contacts(**body)), body
        for name, value in (
            ("domains", "alpha.de"), ("tlds", "de"), ("industries", "fintech"), ("company_names", "alpha"),
            ("locations", "Europe"), ("technologies_all", "C++"),
        ):  # fmt: skip
            assert {"p0", "p6"} <= set(asked.contacts(**{f"exclude_{name}": [value]})), name
        assert asked.contacts(updated_before="2026-05-10") == ["p1", "p2", "p3", "p4", "p5", "p6"]
        assert asked.contacts(job_titles=["pilot"]) == ["p6"]
        asked.store.put_contacts([ContactPatch(external_id="p6", company="alpha.de")])
        asked.follow()
        assert asked.contacts(domains=["alpha.de"]) == ["p1", "p5", "p6"]

    def test_deletions(self, asked: Asked) -> None:
        asked.store.delete("contacts", [0])
        asked.follow()
        assert asked.contacts() == EVERYBODY[1:]
        assert asked.contacts(has_personal_email=True) == []
        asked.store.delete("companies", [1], with_contacts=True)
        asked.follow()
        assert asked.contacts() == ["p1", "p3", "p5"]
        assert asked.companies() == ["alpha", "gamma", "delta"]
        assert asked.contacts(exclude_job_titles=["zzz"]) == ["p1", "p3", "p5"]
        assert asked.unmatched("companies", domains=["beta.co.uk"])[0][1] == "beta.co.uk"

    def test_what_was_deleted_may_come_back_as_a_new_record(self, asked: Asked) -> None:
        asked.store.delete("contacts", [0])
        asked.follow()
        asked.store.put_contacts([person("p0", "beta.co.uk", "Returned", 9)])
        asked.follow()
        assert asked.contacts() == [*EVERYBODY[1:], "p0"]
        assert asked.contacts(job_titles=["returned"], domains=["beta.co.uk"]) == ["p0"]

    def test_created_and_deleted_between_two_looks(self, asked: Asked) -> None:
        asked.store.put_contacts([person("p6", "brief.example", "Brief", 7)])
        asked.store.delete("companies", [4], with_contacts=True)
        asked.follow()
        assert asked.contacts() == EVERYBODY
        assert asked.companies(tlds=["example"]) == []
