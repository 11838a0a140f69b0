"""The `meta` of a search, pages and cursors, and records that are deleted during a search."""

from __future__ import annotations

import json

import pytest

from letrics.records import KINDS, Kind
from tests.api.caller import Caller
from tests.conftest import Service
from tests.contract.world import COMPANIES, CONTACTS

META = [
    "request_id", "page", "per_page", "total", "total_pages", "next_cursor", "filters", "places", "unmatched",
    "warnings", "took_ms",
]  # fmt: skip
IDS = [contact.id for contact, _ in CONTACTS]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", [b"", b"{}", b"null"[:0]])
def test_nothing_asked_is_everything(api: Caller, kind: Kind, body: bytes) -> None:
    reply = api.post(f"/v1/{kind}", body)
    assert list(reply.json) == ["data", "meta", "errors"]
    assert list(reply.json["meta"]) == META
    count = len(CONTACTS if kind == "contacts" else COMPANIES)
    meta = reply.json["meta"]
    assert (meta["page"], meta["per_page"], meta["total"], meta["total_pages"]) == (1, 25, count, 1)
    assert (meta["next_cursor"], meta["filters"], meta["places"], meta["unmatched"], meta["warnings"]) == (
        None, {}, [], [], [],
    )  # fmt: skip
    assert reply.json["errors"] == []
    assert meta["took_ms"] >= 0


def test_records_are_whole(api: Caller) -> None:
    first = api.get("/v1/contacts").json["data"][0]
    assert list(first) == [
        "id", "first_name", "last_name", "full_name", "job_title", "department", "seniority", "is_decision_maker",
        "emails", "linkedin_url", "phone", "locations", "derived", "added_at", "updated_at", "company",
    ]  # fmt: skip
    assert list(first["company"]) == [
        "id", "domain", "name", "website", "description", "tld", "locations", "functions", "industries",
        "technologies", "emails", "linkedin_url", "employees", "employees_range", "founded_year", "first_seen_at",
        "added_at", "updated_at",
    ]  # fmt: skip
    bare = api.get("/v1/companies?domains=nothing.example").json["data"][0]
    assert (bare["name"], bare["locations"], bare["employees"]) == (None, [], None)


def test_pages(api: Caller) -> None:
    pages = [api.get(f"/v1/contacts?per_page=2&page={page}") for page in (1, 2, 3, 4)]
    assert [page.ids for page in pages] == [IDS[:2], IDS[2:4], IDS[4:], []]
    for page in pages:
        assert (page.json["meta"]["total"], page.json["meta"]["total_pages"]) == (5, 3)
    assert [page.json["meta"]["next_cursor"] is None for page in pages] == [False, False, True, True]
    none = api.get("/v1/contacts?domains=unknown.example").json["meta"]
    assert (none["total"], none["total_pages"], none["next_cursor"]) == (0, 0, None)
    far = api.get("/v1/contacts?page=1000000000&per_page=100").json
    assert (far["data"], far["meta"]["page"]) == ([], 1_000_000_000)


@pytest.mark.parametrize("order", ["oldest", "newest"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_cursors_walk_through_every_record_once(api: Caller, order: str, method: str) -> None:
    body: dict[str, object] = {"order": order, "exclude_job_titles": ["assistant"]}
    met: list[str] = []
    cursor = None
    for size in (1, 2, 1, 5):
        reply = api.search(method, "contacts", body | {"per_page": size} | ({"cursor": cursor} if cursor else {}))
        meta = reply.json["meta"]
        assert meta["total"] == 4
        assert (meta["page"], meta["total_pages"]) == ((None, None) if cursor else (1, 4))
        met += reply.ids
        cursor = meta["next_cursor"]
        if cursor is None:
            break
    assert met == (IDS[:4] if order == "oldest" else IDS[3::-1])
    assert cursor is None


def test_a_cursor_belongs_to_its_filters_and_order(api: Caller) -> None:
    cursor = api.get("/v1/contacts?per_page=1&industries=software").json["meta"]["next_cursor"]
    assert api.get(f"/v1/contacts?cursor={cursor}&industries=SOFTWARE").status == 200
    for other in ("", "&industries=Fintech", "&industries=software&order=newest"):
        reply = api.get(f"/v1/contacts?cursor={cursor}{other}")
        assert reply.status == 400
        assert [item["field"] for item in reply.errors] == ["cursor"]
    assert api.get(f"/v1/companies?cursor={cursor}&industries=software").status == 400


def test_a_deleted_hit_is_replaced_by_the_next(service: Service) -> None:
    del service.store.contacts[0], service.store.contacts[2]
    first = service.api.get("/v1/contacts?per_page=2")
    assert first.ids == ["bob", "dee"]
    rest = service.api.get(f"/v1/contacts?per_page=2&cursor={first.json['meta']['next_cursor']}")
    assert rest.ids == ["crm:e/5"]
    assert rest.json["meta"]["next_cursor"] is None
    service.store.contacts.clear()
    assert service.api.get("/v1/contacts?per_page=2").ids == []


def test_places_say_how_each_location_was_read(api: Caller) -> None:
    body = {"locations": ["NYC"], "exclude_locations": [" Bavaria, Germany "]}
    assert api.post("/v1/companies", body).json["meta"]["places"] == [
        {"field": "locations", "value": "NYC",
         "read_as": [{"kind": "city", "name": "New York City, New York, United States", "country_code": "US"}]},
        {"field": "exclude_locations", "value": "Bavaria, Germany",
         "read_as": [{"kind": "region", "name": "Bavaria, Germany", "country_code": "DE"}]},
    ]  # fmt: skip


def test_unmatched_values_and_warnings(api: Caller) -> None:
    body = {"industries": ["Software", "Fintec"], "exclude_tlds": ["zz"], "has_linkedin_profile": False}
    meta = api.post("/v1/companies", body).json["meta"]
    assert meta["unmatched"] == [
        {"field": "industries", "value": "Fintec", "suggestions": []},
        {"field": "exclude_tlds", "value": "zz", "suggestions": []},
    ]
    assert meta["warnings"] == [{"field": "has_linkedin_profile", "details": "false is ignored: only true filters"}]
    assert meta["filters"] == {"industries": ["Software", "Fintec"], "exclude_tlds": ["zz"]}


def test_what_restricts_nothing(api: Caller) -> None:
    body: dict[str, object] = {"industries": []}
    body |= {"exclude_tlds": None, "has_linkedin_profile": None, "added_after": None, "page": None,
            "per_page": None, "order": None, "cursor": None}  # fmt: skip
    reply = api.post("/v1/contacts", body)
    assert reply.json["meta"]["total"] == 5
    assert reply.json["meta"]["filters"] == {}
    reply = api.get("/v1/contacts?industries=&exclude_tlds[]=&has_linkedin_profile=&added_after=&page=&order&&cursor=")
    assert reply.json["meta"]["total"] == 5
    assert reply.json["meta"]["filters"] == {}


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ("job_titles=a&job_titles=b", {"job_titles": ["a", "b"]}),
        ("job_titles[]=a&job_titles%5B%5D=b&job_titles=c", {"job_titles": ["a", "b", "c"]}),
        ("locations=Berlin%2C+Germany", {"locations": ["Berlin, Germany"]}),
        ("job_titles=a,b", {"job_titles": ["a,b"]}),
        ("job_titles=c%2B%2B", {"job_titles": ["c++"]}),
        ("job_titles=a=b", {"job_titles": ["a=b"]}),
        ("job_titles=100%", {"job_titles": ["100%"]}),
        ("job_titles=a;b", {"job_titles": ["a;b"]}),
        ("job_titles=%E2%82%AC", {"job_titles": ["€"]}),
        ("exclude_industries[]=x", {"exclude_industries": ["x"]}),
        ("is_decision_maker=false", {}),
        ("added_after=2026-01-01T00:00:00+02:00", {"added_after": "2025-12-31T22:00:00.000Z"}),
        ("added_after=2026-01-01T00:00:00%2B02:00", {"added_after": "2025-12-31T22:00:00.000Z"}),
        ("added_after=2026-01-01+00:00:00+0200", {"added_after": "2025-12-31T22:00:00.000Z"}),
        ("added_after=2026-01-01%2000:30", {"added_after": "2026-01-01T00:30:00.000Z"}),
        ("added_before=2026-01-01", {"added_before": "2026-01-01T23:59:59.999Z"}),
        ("order=newest", {"order": "newest"}),
    ],
)
def test_query_strings(api: Caller, query: str, filters: dict[str, object]) -> None:
    reply = api.get(f"/v1/contacts?{query}")
    assert reply.status == 200, reply.body
    assert reply.json["meta"]["filters"] == filters


def test_a_whole_number_however_it_is_written(api: Caller) -> None:
    meta = api.post("/v1/contacts", b'{"page": 2.0, "per_page": 2e0}').json["meta"]
    assert (meta["page"], meta["per_page"]) == (2, 2)


def test_ten_thousand_domains(api: Caller) -> None:
    domains = [f"company{n}.example" for n in range(9_999)] + ["acme.example"]
    assert api.post("/v1/companies", {"domains": domains}).ids == ["acme.example"]


def test_head_is_get_without_its_body(api: Caller) -> None:
    get, head = api.get("/v1/companies"), api.call("HEAD", "/v1/companies")
    assert (head.status, head.body) == (200, b"")
    assert abs(int(head.headers["content-length"]) - len(get.body)) < 10
    assert head.headers["content-type"] == "application/json"
    assert api.call("HEAD", "/v1/nothing").status == 404


def test_a_body_in_chunks(api: Caller) -> None:
    data = json.dumps({"job_titles": ["manager"]}).encode()
    assert api.call("POST", "/v1/contacts", [data[:5], b"", data[5:]]).ids == ["ann", "cyd"]
