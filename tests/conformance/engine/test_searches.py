"""What every search engine must do, on data small enough to know the right result."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from letrics.engines.base import SearchRequest, Window
from letrics.fields import facet_fields
from letrics.query import parse_request
from tests.conformance.asked import Asked
from tests.conformance.engine.making import loaded, making
from tests.conformance.world import put_world
from tests.matrix.pairs import Pair

EVERYBODY = ["p0", "p1", "p2", "p3", "p4", "p5"]


@pytest.fixture(scope="module")
def asked(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """One engine for all tests of this module: none of them changes anything."""
    directory = tmp_path_factory.mktemp("searches")
    with pair.store(directory).open(create=True) as store, making(pair, directory) as make:
        put_world(store)
        yield loaded(make, store)


def test_everything(asked: Asked) -> None:
    assert asked.contacts() == EVERYBODY
    assert asked.companies() == ["alpha", "beta", "gamma", "delta"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"job_titles": ["manager"]}, ["p0", "p5"]),
        ({"job_titles": ["c++"]}, ["p1"]),
        ({"job_titles": ["+ dev"]}, ["p1"]),
        ({"job_titles": ["e"]}, ["p0", "p1", "p2", "p5"]),
        ({"job_titles": ["業"]}, ["p3"]),
        ({"job_titles": ["d of  FIN"]}, ["p2"]),
        ({"job_titles": ["ＭＡＮＡＧＥＲ", "head"]}, ["p0", "p2", "p5"]),
        ({"exclude_job_titles": ["manager"]}, ["p1", "p2", "p3", "p4"]),
        ({"departments": ["FINANCE"]}, ["p0", "p2"]),
        ({"departments": ["financ"]}, []),
        ({"exclude_departments": ["finance"]}, ["p1", "p3", "p4", "p5"]),
        ({"seniorities": ["senior", "head"]}, ["p0", "p2", "p5"]),
        ({"has_personal_email": True}, ["p0"]),
        ({"has_linkedin_profile": True}, ["p3"]),
        ({"is_decision_maker": True}, ["p2"]),
        ({"is_decision_maker": False}, EVERYBODY),
        ({"exclude_has_personal_email": True}, ["p1", "p2", "p3", "p4", "p5"]),
        ({"exclude_is_decision_maker": True, "is_decision_maker": False}, ["p0", "p1", "p3", "p4", "p5"]),
        ({"exclude_is_decision_maker": False}, EVERYBODY),
        ({"exclude_company_has_generic_email": True, "exclude_has_linkedin_profile": True}, ["p2", "p4"]),
        ({"has_personal_email": True, "exclude_has_personal_email": True}, []),
        ({"company_has_generic_email": True}, ["p0", "p1", "p5"]),
        ({"company_has_linkedin_profile": True}, ["p0", "p1", "p5"]),
        ({"locations": ["Texas, US"]}, ["p0", "p1", "p5"]),
        ({"locations": ["Germany"], "exclude_locations": ["Berlin, Germany"]}, ["p2", "p4"]),
        ({"job_titles": ["mañager", "DÉV"]}, ["p0", "p1", "p5"]),
        ({"job_title_words": ["manager"]}, ["p0"]),
        ({"job_title_words": ["Managers asst."]}, ["p5"]),
        ({"job_title_words": ["mgr", "C++"]}, ["p0", "p1"]),
        ({"job_title_words": ["finance head", "&"]}, []),
        ({"exclude_job_title_words": ["head of finance"]}, ["p0", "p1", "p3", "p4", "p5"]),
        ({"job_titles": ["managers’"]}, ["p5"]),
        ({"departments": ["finançe"]}, []),
        ({"company_names": ["Sohne"]}, ["p0", "p1", "p5"]),
        ({"exclude_company_names": ["ALPHÀ"]}, ["p2", "p3", "p4"]),
        ({"contact_locations": ["US"]}, ["p0", "p2"]),
        ({"contact_locations": ["Texas, US"], "primary_location_only": True}, ["p2"]),
        ({"exclude_contact_locations": ["Bavaria, DE"]}, ["p1", "p2", "p3", "p4", "p5"]),
        ({"contact_locations": ["Germany"], "locations": ["Berlin, DE"]}, ["p0"]),
        ({"contact_locations": ["Berlin, DE"]}, []),
        ({"industries": ["SOFTWARE"]}, ["p0", "p1", "p3", "p5"]),
        ({"functions": ["dealer"]}, ["p0", "p1", "p5"]),
        ({"technologies": ["c", "cobol"]}, ["p3"]),
        ({"exclude_technologies": ["React", "C"]}, []),
        ({"tlds": ["uk"]}, ["p2", "p4"]),
        ({"tlds": [".COM"]}, ["p3"]),
        ({"domains": ["https://www.beta.co.uk/jobs", "nobody.example"]}, ["p2", "p4"]),
        ({"contact_added_after": "2026-05-03", "contact_added_before": "2026-05-04"}, ["p2", "p3"]),
        ({"added_before": "2026-01-01T00:00:00.000Z"}, ["p0", "p1", "p5"]),
        ({"first_seen_before": "1970-01-01T00:00:00Z"}, ["p2", "p4"]),
        ({"updated_after": "2026-05-05"}, ["p4", "p5"]),
        ({"contact_updated_after": "2026-05-05"}, ["p4", "p5"]),
        ({"contact_updated_after": "2026-05-02", "contact_updated_before": "2026-05-04"}, ["p1", "p2", "p3"]),
        ({"job_titles": ["manager"], "exclude_seniorities": ["SENIOR"]}, []),
        ({"industries": ["software"], "job_titles": ["e"], "exclude_departments": ["r&d"]}, ["p0", "p5"]),
        ({"job_titles": ["nothing like this"]}, []),
        ({"exclude_job_titles": ["nothing like this"]}, EVERYBODY),
    ],
    ids=str,
)
def test_contacts(asked: Asked, body: dict[str, Any], expected: list[str]) -> None:
    assert asked.contacts(**body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"industries": ["software"]}, ["alpha", "gamma"]),
        ({"exclude_industries": ["software"]}, ["beta", "delta"]),
        ({"has_linkedin_profile": True}, ["alpha"]),
        ({"has_generic_email": True}, ["alpha"]),
        ({"locations": ["DE"]}, ["alpha", "beta"]),
        ({"tlds": ["co.uk", "de"]}, ["alpha", "beta"]),
        ({"exclude_tlds": ["com"]}, ["alpha", "beta"]),
        ({"domains": ["gamma.myshopify.com", "DELTA.com."]}, ["gamma", "delta"]),
        ({"exclude_domains": ["alpha.de"]}, ["beta", "gamma", "delta"]),
        ({"added_after": "2026-01-01T00:00:00.001Z", "added_before": "2026-01-02"}, ["beta", "gamma"]),
        ({"updated_before": "2026-01-02T00:00:00Z"}, ["alpha", "beta"]),
        ({"technologies": ["c++"]}, ["alpha"]),
        ({"technologies_all": ["react", "C++"]}, ["alpha"]),
        ({"exclude_technologies_all": ["react", "c++"]}, ["beta", "gamma", "delta"]),
        ({"company_names": ["& söhne", "ETA"]}, ["alpha", "beta"]),
        ({"exclude_company_names": ["a"]}, ["gamma", "delta"]),
        ({"emails": ["INFO@firm.example", "nobody@firm.example"]}, ["alpha"]),
        ({"employees_min": 0}, ["alpha", "beta", "gamma", "delta"]),
        ({"employees_min": 1, "employees_max": 50}, ["alpha", "delta"]),
        ({"employees_min": 51}, ["gamma", "delta"]),
        ({"employees_min": 61}, ["gamma"]),
        ({"employees_min": 1_000_000_000}, ["gamma"]),
        ({"employees_max": 10}, ["beta"]),
        ({"employees_max": 0}, ["beta"]),
        ({"founded_year_max": 1999}, ["alpha"]),
        ({"locations": ["US"], "primary_location_only": True}, []),
        ({"exclude_locations": ["US"], "primary_location_only": True}, ["alpha", "beta", "gamma", "delta"]),
    ],
    ids=str,
)
def test_companies(asked: Asked, body: dict[str, Any], expected: list[str]) -> None:
    assert asked.companies(**body) == expected


@pytest.mark.parametrize(
    ("window", "nums", "more"),
    [
        (Window(size=2), [0, 1], True),
        (Window(offset=4, size=2), [4, 5], False),
        (Window(offset=5, size=2), [5], False),
        (Window(offset=6, size=2), [], False),
        (Window(offset=10**11, size=100), [], False),
        (Window(size=6), [0, 1, 2, 3, 4, 5], False),
        (Window(after=1, size=2), [2, 3], True),
        (Window(after=5, size=2), [], False),
        (Window(after=10**12, size=2), [], False),
        (Window("newest", size=2), [5, 4], True),
        (Window("newest", offset=4, size=2), [1, 0], False),
        (Window("newest", offset=10**11, size=2), [], False),
        (Window("newest", after=4, size=3), [3, 2, 1], True),
        (Window("newest", after=0, size=3), [], False),
        (Window("newest", after=10**12, size=1), [5], True),
    ],
)
def test_windows(asked: Asked, window: Window, nums: list[int], more: bool) -> None:
    hits = asked.hits("contacts", window)
    assert (hits.total, list(hits.nums), hits.more) == (6, nums, more)


def test_unmatched(asked: Asked) -> None:
    found = asked.unmatched(
        "contacts", industries=["Fintech", "Fintec"], exclude_departments=["finance", "Finanse"],
        technologies=["Cobol"], job_titles=["manager", "zzz"], tlds=["com", "fr"], domains=["delta.com", "alpha.de"],
        locations=["Germany", "France"],
    )  # fmt: skip
    assert [(field, value) for field, value, _ in found] == [
        ("industries", "Fintec"), ("exclude_departments", "Finanse"), ("technologies", "Cobol"), ("job_titles", "zzz"),
        ("tlds", "fr"), ("domains", "delta.com"), ("locations", "France"),
    ]  # fmt: skip
    assert all(len(suggestions) <= 3 for _, _, suggestions in found)
    found = asked.unmatched("contacts", job_title_words=["mgr", "Chief Finance Officer", "&", "head of"])
    assert [value for _, value, _ in found] == ["Chief Finance Officer", "&"]
    assert asked.unmatched("companies", technologies=["Cobol"], domains=["delta.com"]) == []


def test_suggestions_are_similar_values(suggesting: Asked) -> None:
    [(_, _, suggestions)] = suggesting.unmatched("contacts", industries=["Fintech", "Fintec"])
    assert "Fintech" in suggestions
    [(_, _, suggestions)] = suggesting.unmatched("contacts", job_title_words=["Finnance Mgr."])
    assert suggestions == ("finance mgr",)


def test_suggestions_stop_after_ten_values(suggesting: Asked) -> None:
    wrong = [f"Softwar{letter}" for letter in "abcdfghijklmnop"]
    found = suggesting.unmatched("contacts", industries=wrong)
    assert [value for _, value, _ in found] == wrong
    assert all("oftware" in " ".join(suggestions) for _, _, suggestions in found[:10])
    assert all(suggestions == () for _, _, suggestions in found[10:])


def test_facets_count_without_the_fields_own_filter(asked: Asked) -> None:
    counted = asked.facets("contacts", departments=["finance"], domains=["alpha.de"])
    assert counted["departments"] == {"Finance": 1, "R&D": 1, "Administration": 1}  # the last from a title
    assert counted["seniorities"] == {"Senior": 1}
    assert counted["technologies"] == {"C++": 1, "React": 1}
    assert counted["locations"] == {"Germany": 1, "United States": 1}


def test_one_search_returns_window_unmatched_and_facets(asked: Asked) -> None:
    query = parse_request("contacts", {"departments": ["finance", "Finanse"]}).query
    fields = tuple(field for field in facet_fields("contacts") if field.name in ("departments", "seniorities"))
    found = asyncio.run(asked.engine.search(SearchRequest(query, Window(size=1), fields, 1, unmatched=True)))
    assert (found.total, found.nums, found.more) == (2, asked.hits("contacts", departments=["finance"]).nums[:1], True)
    assert [(each.field, each.value) for each in found.unmatched] == [("departments", "Finanse")]
    assert [len(values) for values in found.facets] == [1, 1] and found.position == asyncio.run(asked.engine.position())
    plain = asyncio.run(asked.engine.search(SearchRequest(query)))
    assert not plain.unmatched and not plain.facets
