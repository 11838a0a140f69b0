"""The field catalogue and the values of fields."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.fields import facet_fields, fields_of
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.normalize.place import complete_place
from letrics.query import parse_request
from letrics.records import KINDS, Kind
from letrics.store.base import Store
from tests.api.caller import Caller
from tests.api.stored import stored_caller
from tests.contract.envelope import check
from tests.matrix.pairs import API_PAIRS


def fill(store: Store) -> None:
    """Companies by industry: Software 3, Soft drinks 2, Hardware 1; one contact each at the first two companies."""
    industries = ["Software", "Software", "Software", "Soft drinks", "Soft drinks", "Hardware"]
    store.put_companies([CompanyPatch(domain=f"c{n}.example", industries=(name,)) for n, name in enumerate(industries)])
    everywhere = [
        "Busan, South Korea",
        "Germiston, South Africa",
        "Ukraine",
        "Germany",
        "United Kingdom",
        "United States",
    ]
    places = tuple(complete_place(None, None, None, text) for text in everywhere)
    store.put_companies([CompanyPatch(domain="c0.example", locations=places)])
    store.put_contacts(
        [ContactPatch(external_id=f"p{n}", company=f"c{n * 3}.example", job_title=f"Head {n}") for n in range(2)]
        + [
            ContactPatch(external_id="count", company="c0.example"),
            ContactPatch(external_id="fields", company="c0.example"),
        ]
    )


@pytest.fixture(scope="module", params=API_PAIRS, ids=str)
def api(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    home: Path = tmp_path_factory.mktemp("home")
    with stored_caller(home, fill, pair=request.param) as caller:
        yield caller


def values(api: Caller, target: str) -> list[tuple[str, int]]:
    reply = api.get(target)
    assert reply.status == 200, reply.body
    assert reply.json["meta"] == {"request_id": reply.headers["x-request-id"]}
    return [(item["value"], item["count"]) for item in reply.json["data"]]


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_listed(api: Caller, kind: Kind) -> None:
    rows = api.get(f"/v1/{kind}/fields").json["data"]
    assert [row["name"] for row in rows] == [field.name for field in fields_of(kind)]
    assert [row["name"] for row in rows if row["facetable"]] == [field.name for field in facet_fields(kind)]
    for row in rows:
        assert kind in row["kinds"] and row["meaning"]
        assert parse_request(kind, {row["name"]: row["example"]}).filters
        assert (row["max_values"] is None) == (row["type"] != "array[string]")
        assert (row["exclude"] is None) == (row["match"] in ("modifier", "range", "number"))
        if row["exclude"] is not None:
            assert parse_request(kind, {row["exclude"]: row["example"]}).filters


def test_a_row_of_the_catalogue(api: Caller) -> None:
    rows = {row["name"]: row for row in api.get("/v1/contacts/fields").json["data"]}
    assert rows["domains"] == {
        "name": "domains", "type": "array[string]", "match": "domain", "meaning": rows["domains"]["meaning"],
        "example": ["example.com"], "kinds": ["contacts", "companies"], "max_values": 10_000, "aliases": [],
        "exclude": "exclude_domains", "facetable": False,
    }  # fmt: skip
    assert rows["has_personal_email"]["aliases"] == ["has_personal_emails"]
    assert (rows["employees_min"]["type"], rows["employees_min"]["example"]) == ("integer", 50)
    assert rows["added_after"]["type"] == "timestamp"


class TestValues:
    def test_the_best_first_and_then_the_commonest(self, api: Caller) -> None:
        at = "/v1/companies/fields/industries/values"
        assert values(api, at) == [("Software", 3), ("Soft drinks", 2), ("Hardware", 1)]
        assert values(api, f"{at}?q=SOFT") == [("Software", 3), ("Soft drinks", 2)]
        assert values(api, f"{at}?q=soft%20Drinks") == [("Soft drinks", 2)]
        assert values(api, f"{at}?q=ware") == [("Software", 3), ("Hardware", 1)]
        assert values(api, f"{at}?q=drinks") == [("Soft drinks", 2)]
        assert values(api, f"{at}?q=softwere")[0] == ("Software", 3)
        assert values(api, f"{at}?q=qqq") == []

    def test_counted_in_records_of_the_kind(self, api: Caller) -> None:
        assert values(api, "/v1/contacts/fields/industries/values") == [("Software", 3), ("Soft drinks", 1)]
        assert values(api, "/v1/contacts/fields/job_titles/values?q=head") == [("head 0", 1), ("head 1", 1)]

    @pytest.mark.parametrize(
        ("typed", "first"),
        [("US", "United States"), ("uk", "United Kingdom"), ("Deutschland", "Germany"), ("germ", "Germany")],
    )
    def test_values_of_a_place_begin_with_what_it_stands_for(self, api: Caller, typed: str, first: str) -> None:
        for kind in KINDS:
            listed = values(api, f"/v1/{kind}/fields/locations/values?q={typed}")
            assert listed[0][0] == first
            assert len({value for value, _ in listed}) == len(listed)
            total = api.post(f"/v1/{kind}/count", {"locations": [first]}).json["data"]["total"]
            assert listed[0][1] == total > 0
        assert len(values(api, f"/v1/companies/fields/locations/values?q={typed}&limit=1")) == 1

    def test_limits(self, api: Caller) -> None:
        at = "/v1/companies/fields/industries/values"
        assert values(api, f"{at}?limit=1&q=") == [("Software", 3)]
        assert len(values(api, f"{at}?limit=")) == 3
        for limit in ("0", "101", "x", "1.5", "-1"):
            check(api.get(f"{at}?limit={limit}"), "invalid_input", "limit")

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("q=a&q=b", "q"),
            (f"q={'a' * 201}", "q"),
            ("q=%00", "q"),
            ("q=%ff", "q"),
            ("Q=a", "Q"),
            ("limit=1&limit=2", "limit"),
        ],
    )
    def test_parameters_are_judged(self, api: Caller, query: str, field: str) -> None:
        check(api.get(f"/v1/companies/fields/industries/values?{query}"), "invalid_input", field)

    @pytest.mark.parametrize("kind", KINDS)
    def test_of_every_field(self, api: Caller, kind: Kind) -> None:
        have = {field.name for field in facet_fields(kind)}
        for field in fields_of(kind):
            reply = api.get(f"/v1/{kind}/fields/{field.name}/values?q=a")
            if field.name in have:
                assert reply.status == 200
            else:
                assert "industries" in check(reply, "invalid_input")

    def test_unknown_fields(self, api: Caller) -> None:
        assert "did you mean industries" in check(api.get("/v1/companies/fields/industry/values"), "not_found")
        check(api.get("/v1/companies/fields/job_titles/values"), "not_found")
        check(api.get("/v1/companies/fields/%ff/values"), "not_found")
        check(api.get("/v1/companies/fields//values"), "not_found")
        check(api.get("/v1/companies/fields/industries"), "not_found")
        check(api.call("POST", "/v1/companies/fields/industries/values"), "method_not_allowed")


def test_words_of_paths_as_ids(api: Caller) -> None:
    assert api.get("/v1/contacts/count").json["data"]["id"] == "count"
    assert api.call("HEAD", "/v1/contacts/count").status == 200
    assert api.post("/v1/contacts/count").json["data"] == {"total": 4}
    assert isinstance(api.get("/v1/contacts/fields").json["data"], list)
    check(api.call("DELETE", "/v1/contacts/fields"), "forbidden")
    check(api.call("DELETE", "/v1/companies/fields"), "not_found")


def test_catalogues_take_no_parameters(api: Caller) -> None:
    check(api.get("/v1/companies/fields?limit=1"), "invalid_input", "limit")
