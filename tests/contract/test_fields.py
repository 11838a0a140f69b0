"""Every field in every search that has it, by both methods, included and excluded, over the small world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from letrics.fields import CATALOGUE, Field
from letrics.records import KINDS, Kind
from tests.api.caller import Caller
from tests.api.stored import stored_caller
from tests.contract.world import CASES, COMPANIES, CONTACTS, put
from tests.matrix.pairs import DEFAULT, NAIVE, Pair

ALL: dict[Kind, list[str]] = {
    "contacts": [contact.id for contact, _ in CONTACTS],
    "companies": [company.id for company in COMPANIES],
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Pair], Caller]]:
    """Opens the application with the small world in a pair of store and engine, once."""
    with ExitStack() as stack:

        @cache
        def caller(pair: Pair) -> Caller:
            return stack.enter_context(stored_caller(tmp_path_factory.mktemp("home"), put, pair=pair))

        yield caller


@pytest.fixture(params=["in memory", DEFAULT, NAIVE], ids=str)
def api(request: pytest.FixtureRequest, opened: Callable[[Pair], Caller]) -> Caller:
    """First with the plain store and engine, then with two pairs."""
    if request.param == "in memory":
        plain: Caller = request.getfixturevalue("service").api
        return plain
    return opened(request.param)


def cases() -> Iterator[object]:
    for field in CATALOGUE:
        for value, contacts, companies in CASES[field.name]:
            for kind, hits in (("contacts", contacts), ("companies", companies)):
                if hits is not None:
                    yield pytest.param(field, value, kind, hits, id=f"{kind}-{field.name}-{value}")


def test_the_world_says_something_of_every_field() -> None:
    assert list(CASES) == [field.name for field in CATALOGUE]
    for field in CATALOGUE:
        for kind, column in (("contacts", 1), ("companies", 2)):
            known = field.fact(kind) is not None  # type: ignore[arg-type]
            assert all((case[column] is not None) == known for case in CASES[field.name]), (field.name, kind)


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(("field", "value", "kind", "hits"), list(cases()))
def test_a_field_hits_what_is_stated(
    api: Caller, method: str, field: Field, value: object, kind: Kind, hits: list[str]
) -> None:
    reply = api.search(method, kind, {field.name: value})
    assert reply.status == 200, reply.body
    assert reply.ids == hits
    assert reply.json["meta"]["total"] == len(hits)
    assert list(reply.json["meta"]["filters"]) == [field.name]
    if field.can_exclude:
        reply = api.search(method, kind, {f"exclude_{field.name}": value})
        assert reply.ids == [id for id in ALL[kind] if id not in hits]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_the_canonical_filters_find_the_same(api: Caller, method: str, kind: Kind) -> None:
    for field in CATALOGUE:
        if field.fact(kind) is None:
            continue
        for value, *_ in CASES[field.name]:
            first = api.search(method, kind, {field.name: value})
            again = api.search("POST", kind, first.json["meta"]["filters"])
            assert again.ids == first.ids
            assert again.json["meta"]["filters"] == first.json["meta"]["filters"]


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_field_of_the_other_kind_is_unknown(api: Caller, method: str) -> None:
    for field in CATALOGUE:
        for kind in KINDS:
            if field.fact(kind) is None:
                reply = api.search(method, kind, {field.name: CASES[field.name][0][0]})
                assert reply.status == 400
                assert [item["field"] for item in reply.errors] == [field.name]


def test_fields_are_joined_by_and_and_exclusions_are_taken_away(api: Caller) -> None:
    body = {"industries": ["Software", "Fintech"], "technologies": ["React"], "exclude_tlds": ["example"]}
    assert api.search("POST", "companies", body).ids == ["xn--e1afmkfd.xn--p1ai"]
    assert api.search("GET", "contacts", {"job_titles": ["manager"], "exclude_seniorities": ["head"]}).ids == ["ann"]


def test_the_older_spelling_is_the_same_field(api: Caller) -> None:
    assert api.search("POST", "contacts", {"has_personal_emails": True}).ids == ["ann", "cyd"]
    both = api.search("GET", "contacts", {"has_personal_emails": True, "has_personal_email": True})
    assert both.status == 400
    assert len(both.errors) == 1


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_the_first_place_alone_can_be_judged(api: Caller, method: str) -> None:
    germany = {"locations": ["Germany"], "primary_location_only": True}
    assert api.search(method, "companies", germany).ids == ["acme.example"]
    assert api.search(method, "contacts", germany).ids == ["ann", "bob"]
    others = api.search(method, "companies", {"exclude_locations": ["Germany"], "primary_location_only": True})
    assert others.ids == ["example.co.uk", "xn--e1afmkfd.xn--p1ai", "nothing.example"]
    alone = api.search(method, "companies", {"primary_location_only": True})
    assert [warning["field"] for warning in alone.json["meta"]["warnings"]] == ["primary_location_only"]


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_only_the_members_asked_for_are_returned(api: Caller, method: str) -> None:
    reply = api.search(
        method, "contacts", {"fields": ["full_name", "company.domain", "id"], "domains": ["acme.example"]}
    )
    assert reply.json["data"] == [
        {"id": "ann", "full_name": "Ann Archer", "company": {"domain": "acme.example"}},
        {"id": "bob", "full_name": "Bob Berg", "company": {"domain": "acme.example"}},
    ]
    assert [list(record) for record in reply.json["data"]] == [["full_name", "company", "id"]] * 2
    assert "fields" not in reply.json["meta"]["filters"]
    reply = api.search(method, "companies", {"fields": ["nam"]})
    assert reply.status == 400
    assert "name" in reply.errors[0]["details"]
