"""Exports: the same records as cursor pagination, in every format, and either complete or visibly aborted."""

from __future__ import annotations

import csv
import io
import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from letrics.engines.base import EngineAway, OutOfTime
from letrics.export.flatten import Flattener, columns
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import KINDS, Kind
from letrics.search import WalkSizes
from letrics.store.base import Store, StoreAway
from tests.api.caller import Caller, Reply
from tests.api.stored import stored_caller
from tests.conftest import Service
from tests.contract.envelope import check
from tests.matrix.pairs import API_PAIRS

BODIES: list[dict[str, Any]] = [
    {},
    {"order": "newest"},
    {"industries": ["Software"], "order": "oldest"},
    {"exclude_industries": ["Software"], "technologies": ["React", "Django"]},
    {"industries": ["none of them"]},
]


def fill(store: Store) -> None:
    rng = random.Random(5)
    industries, technologies = ("Software", "Fintech", "=Cmd"), ("React", "Django", "Kafka; and more")
    companies = []
    for n in range(450):
        used = tuple(rng.sample(technologies, rng.randrange(4)))
        members: dict[str, Any] = {"technologies": used, "employees": rng.choice((None, n))}
        name = f"Company “{n}”\n"
        companies.append(
            CompanyPatch(domain=f"c{n}.example", name=name, industries=(rng.choice(industries),), **members)
        )
    store.put_companies(companies)
    employers = [f"c{rng.randrange(450)}.example" for _ in range(700)]
    store.put_contacts(
        [ContactPatch(external_id=f"p{n}", company=at, full_name=f"Jo {n}") for n, at in enumerate(employers)]
    )


@pytest.fixture(scope="module", params=API_PAIRS, ids=str)
def api(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    home: Path = tmp_path_factory.mktemp("home")
    with stored_caller(home, fill, WalkSizes(window=70, slice=16), pair=request.param) as caller:
        yield caller


def walked(api: Caller, kind: Kind, body: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = api.post(f"/v1/{kind}", {**body, **cursor, "per_page": 100}).json
        found += page["data"]
        if page["meta"]["next_cursor"] is None:
            return found
        cursor = {"cursor": page["meta"]["next_cursor"]}


def lines(reply: Reply) -> list[dict[str, Any]]:
    assert reply.status == 200, reply.body
    return [json.loads(line) for line in reply.body.splitlines()]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", BODIES)
class TestAgainstTheWalk:
    def test_json_lines(self, api: Caller, kind: Kind, body: dict[str, Any]) -> None:
        assert lines(api.post(f"/v1/{kind}/export", body)) == walked(api, kind, body)
        assert lines(api.post(f"/v1/{kind}/export?format=jsonl", body)) == walked(api, kind, body)

    def test_csv(self, api: Caller, kind: Kind, body: dict[str, Any]) -> None:
        reply = api.post(f"/v1/{kind}/export?format=csv", body)
        head, *rows = csv.reader(io.StringIO(reply.body.decode(), newline=""))
        assert tuple(head) == columns(kind)
        assert rows == [Flattener(kind).cells(json.dumps(record).encode()) for record in walked(api, kind, body)]

    def test_parquet(self, api: Caller, kind: Kind, body: dict[str, Any]) -> None:
        parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
        reply = api.post(f"/v1/{kind}/export?format=parquet", body)
        rows = parquet.read_table(io.BytesIO(reply.body)).to_pylist()
        records = walked(api, kind, body)
        assert [row["id"] for row in rows] == [record["id"] for record in records]
        for row, record in zip(rows, records, strict=True):
            company, expected = (row, record) if kind == "companies" else (row["company"], record["company"])
            assert {**company, **dict.fromkeys(("first_seen_at", "added_at", "updated_at"))} == {
                **expected, **dict.fromkeys(("first_seen_at", "added_at", "updated_at"))
            }  # fmt: skip


@pytest.mark.parametrize(
    ("format", "media_type"),
    [("jsonl", "application/x-ndjson"), ("csv", "text/csv; charset=utf-8; header=present"),
     ("parquet", "application/vnd.apache.parquet")],
)  # fmt: skip
@pytest.mark.parametrize("kind", KINDS)
def test_headers(api: Caller, kind: Kind, format: str, media_type: str) -> None:
    if format == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    reply = api.post(f"/v1/{kind}/export?format={format}")
    assert reply.status == 200 and api.whole
    assert reply.headers["content-type"] == media_type
    assert reply.headers["content-disposition"] == f'attachment; filename="{kind}.{format}"'
    assert "content-length" not in reply.headers
    assert reply.headers["x-request-id"] and reply.headers["cache-control"] == "no-store"


class TestMembers:
    FIELDS = ("full_name", "company.domain", "id", "company.industries")

    def test_json_lines_are_those_of_the_search(self, api: Caller) -> None:
        body = {"fields": list(self.FIELDS), "industries": ["Fintech"]}
        assert lines(api.post("/v1/contacts/export", body)) == walked(api, "contacts", body)

    def test_csv_has_a_column_for_each(self, api: Caller) -> None:
        reply = api.post("/v1/contacts/export?format=csv", {"fields": list(self.FIELDS)})
        head, first, *_ = csv.reader(io.StringIO(reply.body.decode(), newline=""))
        record = walked(api, "contacts", {})[0]
        assert head == ["full_name", "company_domain", "id", "company_industries"]
        assert first[:3] == ["Jo 0", record["company"]["domain"], "p0"]
        reply = api.post("/v1/companies/export?format=csv", {"fields": ["tld", "id"]})
        assert reply.body.splitlines()[:2] == [b"tld,id", b"example,c0.example"]
        reply = api.post("/v1/contacts/export?format=csv", {"fields": ["company"]})
        assert tuple(reply.body.splitlines()[0].decode().split(",")) == columns("contacts", ["company"])

    def test_parquet_has_a_column_for_each(self, api: Caller) -> None:
        parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
        for kind, body in (
            ("contacts", {"fields": list(self.FIELDS)}),
            ("companies", {"fields": ["name", "employees"]}),
        ):
            reply = api.post(f"/v1/{kind}/export?format=parquet", body)
            rows = parquet.read_table(io.BytesIO(reply.body)).to_pylist()
            assert rows == walked(api, cast("Kind", kind), body)

    @pytest.mark.parametrize("fields", [["id", "company.name", "full_name"], ["full_name", "company.name", "id"]])
    def test_export_fields_keep_their_order_in_every_format(self, api: Caller, fields: list[str]) -> None:
        nested = [name.partition(".")[0] for name in fields]
        body = {"fields": [*fields, fields[0]]}  # a repeated field is exported once
        assert list(lines(api.post("/v1/contacts/export", body))[0]) == nested
        head = api.post("/v1/contacts/export?format=csv", body).body.decode().partition("\n")[0]
        assert head.split(",") == [name.replace(".", "_") for name in fields]
        parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
        table = parquet.read_table(io.BytesIO(api.post("/v1/contacts/export?format=parquet", body).body))
        assert table.column_names == nested


class TestRefusals:
    @pytest.mark.parametrize(
        ("target", "body", "field", "says"),
        [
            ("?format=xlsx", {}, "format", "jsonl, csv, parquet"),
            ("?format=csv&format=csv", {}, "format", "twice"),
            ("?form=csv", {}, "form", "the only one is format"),
            ("", {"format": "csv"}, "format", "query parameter"),
            ("", {"fields": ["nam"]}, "fields", "did you mean name"),
            ("", {"order": "up"}, "order", "oldest"),
            ("?industries=x", {}, "industries", "the only one is format"),
        ],
    )
    def test_what_is_wrong_is_told(self, api: Caller, target: str, body: object, field: str, says: str) -> None:
        assert says in check(api.post(f"/v1/companies/export{target}", body), "invalid_input", field)

    def test_parquet_without_its_package(self, api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        details = check(api.post("/v1/companies/export?format=parquet"), "invalid_input", "format")
        assert details == "Parquet export is not available on this server: install letrics[parquet]"
        assert api.post("/v1/companies/export?format=csv").status == 200


class TestEnds:
    """A started response is either complete or visibly aborted."""

    def test_what_fails_at_once_is_told_as_usual(self, service: Service) -> None:
        service.store.away = True
        check(service.api.post("/v1/contacts/export"), "unavailable")

    @pytest.mark.parametrize("export_sizes", [WalkSizes(slice=2)], ids=["2"])
    @pytest.mark.parametrize(
        "failure", [StoreAway("/var/lib/secret.db"), OutOfTime(), EngineAway("secret"), RuntimeError("secret")]
    )
    def test_a_failure_on_the_way_cuts_it_off(
        self, service: Service, failure: Exception, caplog: pytest.LogCaptureFixture
    ) -> None:
        asked: list[Sequence[int]] = []

        def fail(nums: Sequence[int]) -> None:
            asked.append(nums)
            if len(asked) > 1:
                raise failure

        service.store.before_documents = fail
        reply = service.api.post("/v1/contacts/export", headers={"X-Request-Id": "mine-7"})
        assert reply.status == 200 and len(reply.body.splitlines()) == 2
        assert not service.api.whole
        assert "mine-7" in caplog.text and "was aborted" in caplog.text
        assert 'route="/v1/contacts/export",status="500"' in service.api.get("/metrics").body.decode()

    @pytest.mark.parametrize("export_sizes", [WalkSizes(slice=1)], ids=["1"])
    def test_nothing_more_is_read_for_a_caller_who_is_gone(self, service: Service) -> None:
        read: list[int] = []
        service.store.before_documents = read.extend
        reply = service.api.call("POST", "/v1/contacts/export", leave_after=1)
        assert len(reply.body.splitlines()) <= len(read) <= 3
        assert not service.api.whole
        assert 'route="/v1/contacts/export",status="499"' in service.api.get("/metrics").body.decode()

    def test_records_deleted_meanwhile_are_passed_over(self, service: Service) -> None:
        del service.store.contacts[1]
        assert [record["id"] for record in lines(service.api.post("/v1/contacts/export"))] == [
            "ann",
            "cyd",
            "dee",
            "crm:e/5",
        ]

    @pytest.mark.parametrize("export_sizes", [WalkSizes(slice=1)], ids=["1"])
    def test_others_are_served_between_slices(self, service: Service) -> None:
        seen: list[str] = []
        service.engine.before_search = lambda: service.api.loop.call_soon(seen.append, "another")
        service.store.before_documents = lambda nums: seen.append("slice")
        assert len(lines(service.api.post("/v1/contacts/export"))) == 5
        assert seen.index("another") <= 2 and seen.count("slice") == 5
