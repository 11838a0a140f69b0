"""Counts and facets over the small world, and the errors of invalid requests for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.engines.base import EngineLoading
from letrics.fields import facet_fields
from letrics.records import KINDS, Kind
from tests.api.caller import Caller
from tests.api.stored import stored_caller
from tests.conftest import Service
from tests.contract.envelope import check
from tests.contract.world import CASES, put
from tests.matrix.pairs import API_PAIRS

ASKED = [f"/v1/{kind}/{what}" for kind in KINDS for what in ("count", "facets", "export")]


@pytest.fixture(scope="module", params=API_PAIRS, ids=str)
def api(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    home: Path = tmp_path_factory.mktemp("home")
    with stored_caller(home, put, pair=request.param) as caller:
        yield caller


def facets(api: Caller, kind: Kind, **body: object) -> dict[str, dict[str, int]]:
    reply = api.post(f"/v1/{kind}/facets", body)
    assert reply.status == 200, reply.body
    return {name: {item["value"]: item["count"] for item in items} for name, items in reply.json["data"].items()}


class TestCount:
    @pytest.mark.parametrize("kind", KINDS)
    def test_is_the_total_of_the_search(self, api: Caller, kind: Kind) -> None:
        for name, cases in CASES.items():
            for value, contacts, companies in cases:
                hits = contacts if kind == "contacts" else companies
                if hits is not None:
                    reply = api.post(f"/v1/{kind}/count", {name: value})
                    assert reply.json["data"] == {"total": len(hits)}, name

    def test_the_whole_answer(self, api: Caller) -> None:
        body = {"locations": ["NYC"], "exclude_industries": ["Softwar"], "has_linkedin_profile": False}
        meta = api.post("/v1/companies", body).json["meta"]
        reply = api.post("/v1/companies/count", body, headers={"X-Request-Id": "mine"})
        assert list(reply.json) == ["data", "meta", "errors"]
        assert list(reply.json["meta"]) == ["request_id", "filters", "places", "unmatched", "warnings", "took_ms"]
        for name in ("filters", "places", "unmatched", "warnings"):
            assert reply.json["meta"][name] == meta[name]
        assert reply.json["meta"]["request_id"] == "mine"

    def test_nothing_asked_is_everything(self, api: Caller) -> None:
        assert api.post("/v1/contacts/count").json["data"] == {"total": 5}


class TestFacets:
    def test_values_of_several_fields(self, api: Caller) -> None:
        reply = api.post("/v1/contacts/facets", {"facets": ["seniorities", "industries"], "has_linkedin_profile": True})
        assert reply.json["data"] == {
            "seniorities": [{"value": "Director", "count": 1}],
            "industries": [{"value": "Software", "count": 2}, {"value": "Fintech", "count": 1}],
        }
        assert list(reply.json["data"]) == ["seniorities", "industries"]
        assert reply.json["meta"]["total"] == 2
        assert reply.json["meta"]["facet_size"] == 10
        assert reply.json["meta"]["filters"] == {"has_linkedin_profile": True}

    def test_a_field_ignores_its_own_filter_but_not_its_exclusions(self, api: Caller) -> None:
        body = {"facets": ["industries", "technologies"], "industries": ["Fintech"], "exclude_industries": ["nothing"]}
        assert facets(api, "companies", **body) == {
            "industries": {"Fintech": 2, "Software": 2},
            "technologies": {"Django": 1, "React": 1},
        }
        body = {"facets": ["industries"], "industries": ["Fintech"], "exclude_industries": ["software"]}
        assert facets(api, "companies", **body) == {"industries": {"Fintech": 1}}

    def test_the_total_is_of_the_whole_search(self, api: Caller) -> None:
        reply = api.post("/v1/companies/facets", {"facets": ["industries"], "industries": ["Fintech"]})
        assert reply.json["meta"]["total"] == 2

    def test_places_are_counted_by_country_and_titles_whole(self, api: Caller) -> None:
        assert facets(api, "companies", facets=["locations"]) == {
            "locations": {"Germany": 2, "Russia": 1, "United Kingdom": 1}
        }
        assert facets(api, "contacts", facets=["job_titles"], facet_size=2)["job_titles"] == {
            "assistant": 1,
            "finance manager": 1,
        }

    @pytest.mark.parametrize("kind", KINDS)
    def test_every_field_that_has_them(self, api: Caller, kind: Kind) -> None:
        names = [field.name for field in facet_fields(kind)]
        counted = facets(api, kind, facets=names, facet_size=1)
        assert list(counted) == names
        assert {len(values) for values in counted.values()} == {1}

    @pytest.mark.parametrize(
        ("body", "field", "says"),
        [
            ({}, "facets", "is required"),
            ({"facets": []}, "facets", "is required"),
            ({"facets": None}, "facets", "is required"),
            ({"facets": "industries"}, "facets", "list"),
            ({"facets": ["industry"]}, "facets", "did you mean industries"),
            ({"facets": ["seniorities"]}, "facets", "in searches of companies"),
            ({"facets": ["domains"]}, "facets", "cannot be counted"),
            ({"facets": ["exclude_industries"]}, "facets", "did you mean industries"),
            ({"facets": ["industries", "tlds", "industries"]}, "facets", "twice"),
            ({"facets": [["industries"]]}, "facets", "cannot be counted"),
            ({"facets": ["tlds"], "facet_size": 0}, "facet_size", "1 to 100"),
            ({"facets": ["tlds"], "facet_size": 101}, "facet_size", "1 to 100"),
            ({"facets": ["tlds"], "facet_size": True}, "facet_size", "1 to 100"),
            ({"facets": ["tlds"], "facet_size": "5"}, "facet_size", "1 to 100"),
            ({"facets": ["tlds"], "facetsize": 5}, "facetsize", "did you mean facet_size"),
        ],
    )
    def test_what_cannot_be_counted(self, api: Caller, body: object, field: str, says: str) -> None:
        assert says in check(api.post("/v1/companies/facets", body), "invalid_input", field)

    def test_all_problems_at_once(self, api: Caller) -> None:
        body = {"facets": ["x"], "facet_size": 0, "industries": [""], "page": 1}
        reply = api.post("/v1/companies/facets?y=1", body)
        assert {item["field"] for item in reply.errors} == {"facets", "facet_size", "industries", "page", "y"}


class TestRequests:
    """The common rules of counts, facets and exports."""

    @pytest.mark.parametrize("target", ASKED)
    @pytest.mark.parametrize("name", ["page", "per_page", "cursor"])
    def test_there_are_no_pages(self, api: Caller, target: str, name: str) -> None:
        reply = api.post(target, {name: 2, "facets": ["tlds"]} if "facets" in target else {name: 2})
        assert "not supported here" in check(reply, "invalid_input", name)

    @pytest.mark.parametrize("target", ASKED)
    def test_the_order_of_errors(self, service: Service, target: str) -> None:
        api, large = service.api, {"Content-Length": str(1 << 21)}
        service.engine.failure = EngineLoading()
        text = {"Content-Type": "text/plain"}
        body = {"facets": ["tlds"]} if "facets" in target else {}
        check(api.post(f"{target}?x=1", b"{", headers=text, token=None), "unauthorized")
        check(api.call("PUT", target, b"{", headers=text), "method_not_allowed")
        check(api.call("POST", f"{target}?x=1", [b"{"], headers=text | large), "unsupported_media_type")
        check(api.call("POST", f"{target}?x=1", [b"{"], headers=large), "payload_too_large")
        check(api.post(f"{target}?x=1", body), "invalid_input", "x")
        check(api.post(target, body), "unavailable")

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("word", ["count", "facets", "export"])
    def test_a_contact_may_be_called_like_a_path_and_no_company_can(self, api: Caller, kind: Kind, word: str) -> None:
        reply = api.get(f"/v1/{kind}/{word}")
        if kind == "contacts":
            assert f'with the id "{word}"' in check(reply, "not_found")
            allowed = api.call("PUT", f"/v1/{kind}/{word}").headers["allow"]
            assert set(allowed.split(", ")) == {"GET", "HEAD", "POST", "DELETE"}
        else:
            assert f'with the domain "{word}"' in check(reply, "not_found")
