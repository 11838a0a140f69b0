"""A filter is a row of the catalogue, and a record field is one declaration: everything else follows from them."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest

from letrics.records import KINDS, Kind
from tests.api.caller import query_string
from tests.contract.new_filter import PATIENCE_SECONDS, ROOT, Program, copy_with_filters

COMPANIES = """\
domain,name,tags,revenue,is_public,funded_at,slogan
a.example,Alpha,red;blue,100,yes,2020-01-01,Make it simple
b.example,Beta,Blue,2000,no,2021-06-01,Keep it fast
c.example,Gamma,,,,,
"""
CONTACTS = """\
id,full_name,company_domain,nickname,phone
ann,Ann Archer,a.example,Annie,+49 30 555
bob,Bob Berg,b.example,Bobby,+1 212 777
cyd,Cyd Crane,c.example,,
"""
CHANGED = "domain,tags,revenue,is_public,funded_at,slogan\nc.example,blue,300,true,2021-01-01,Simple things\n"

A, B, C, ANN, BOB, CYD = "a.example", "b.example", "c.example", "ann", "bob", "cyd"
CASES: dict[str, tuple[Any, list[str] | None, list[str]]] = {
    "tags": (["BLUE"], [A, B], [ANN, BOB]),
    "exclude_tags": (["red"], [B, C], [BOB, CYD]),
    "tags_all": (["red", "blue"], [A], [ANN]),
    "revenue_min": (500, [B], [BOB]),
    "revenue_max": (500, [A], [ANN]),
    "is_public": (True, [A], [ANN]),
    "funded_after": ("2021-01-01", [B], [BOB]),
    "funded_before": ("2020-12-31", [A], [ANN]),
    "slogans": (["IT simple"], [A], [ANN]),
    "nicknames": (["bob"], None, [BOB]),
    "phones": (["30 555"], None, [ANN]),
}
"""For each added filter: a value, and the ids of the companies (None: no such filter) and contacts that match."""

RECORD_FIELDS: dict[Kind, tuple[str, ...]] = {
    "companies": ("tags", "revenue", "is_public", "funded_at", "slogan"),
    "contacts": ("nickname",),
}
"""The added record fields."""


def cases(kind: Kind) -> Iterator[tuple[str, Any, list[str]]]:
    for name, (value, companies, contacts) in CASES.items():
        expected = companies if kind == "companies" else contacts
        if expected is not None:
            yield name, value, expected


@dataclass
class Served:
    """The copy of the program, its data directory, and a client of its server."""

    program: Program
    home: Path
    client: httpx.Client

    def ids(self, kind: Kind, body: dict[str, Any]) -> list[str]:
        """The ids of the records that match."""
        reply = self.client.post(f"/v1/{kind}", json=body)
        assert reply.status_code == 200, reply.text
        return [record["id"] for record in reply.json()["data"]]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A copy of the program with the added filters and record fields."""
    program = copy_with_filters(tmp_path_factory.mktemp("program"), new_record_fields=True)
    program.write_reference()
    return program


@contextmanager
def serving(program: Program, home: Path) -> Iterator[Served]:
    """A server of the copy over imported records. The import has saved the index, which the server loads."""
    for kind, rows in (("companies", COMPANIES), ("contacts", CONTACTS)):
        program.letrics(home, "import", "-", "--kind", kind, stdin=rows)
    assert list((home / "index").iterdir())
    with program.serving(home) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        yield Served(program, home, client)


def until(true: Callable[[], bool]) -> None:
    """Wait until a condition is true."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end, "the condition did not become true"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def served(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of the copy, for tests that only read."""
    with serving(program, tmp_path_factory.mktemp("home")) as served:
        yield served


def test_row_of_a_known_record_field_is_enough(tmp_path: Path) -> None:
    program = copy_with_filters(tmp_path / "program", new_record_fields=False)
    home = tmp_path / "home"
    program.letrics(home, "import", "-", "--kind", "contacts", stdin=CONTACTS)
    found = program.letrics(home, "search", "contacts", "--filter", '{"phones": ["555"]}', "--json")
    assert [record["id"] for record in json.loads(found)["data"]] == [ANN]


@pytest.mark.parametrize("kind", KINDS)
def test_json_body_with_a_new_filter_finds_records(served: Served, kind: Kind) -> None:
    for name, value, expected in cases(kind):
        assert served.ids(kind, {name: value}) == expected, name


@pytest.mark.parametrize("kind", KINDS)
def test_query_string_with_a_new_filter_finds_records(served: Served, kind: Kind) -> None:
    for name, value, expected in cases(kind):
        page = served.client.get(f"/v1/{kind}?{query_string({name: value})}").json()
        assert [record["id"] for record in page["data"]] == expected, name
        assert list(page["meta"]["filters"]) == [name]


def test_range_of_a_new_filter_is_checked(served: Served) -> None:
    reply = served.client.post("/v1/companies", json={"revenue_min": 2, "revenue_max": 1})
    assert [error["field"] for error in reply.json()["errors"]] == ["revenue_min"]


@pytest.mark.parametrize("kind", KINDS)
def test_openapi_describes_the_new_filters(served: Served, kind: Kind) -> None:
    document = served.client.get("/openapi.json").json()
    record = {"contacts": "Contact", "companies": "Company"}[kind]
    schemas = document["components"]["schemas"]
    assert set(RECORD_FIELDS[kind]) <= set(schemas[record]["properties"])
    schema = {"$ref": f"#/components/schemas/{record}Search", "components": document["components"]}
    validator = jsonschema_rs.Draft202012Validator(schema)
    parameters = {of["name"] for of in document["paths"][f"/v1/{kind}"]["get"]["parameters"] if "name" in of}
    for name, value, _ in cases(kind):
        assert validator.is_valid({name: value}), name
        assert not validator.is_valid({name: {"not": "allowed"}}), name
        assert name in parameters


@pytest.mark.parametrize("kind", KINDS)
def test_reference_lists_the_new_filters(served: Served, kind: Kind) -> None:
    page = served.client.get(f"/docs/{kind}").text
    listed = {field["name"] for field in served.client.get(f"/v1/{kind}/fields").json()["data"]}
    for name, _, _ in cases(kind):
        name = name.removeprefix("exclude_")
        assert re.search(rf"\b{name}\b", page), name
        assert name in listed
    columns = served.client.get("/docs/import").text
    for name in RECORD_FIELDS[kind]:
        assert re.search(rf"\b{name}\b", page), name
        assert re.search(rf"\b{name}\b", columns), name


@pytest.mark.parametrize("kind", KINDS)
def test_explorer_has_controls_of_the_new_filters(served: Served, kind: Kind) -> None:
    page = served.client.get(f"/explore/{kind}").text
    for name, _, _ in cases(kind):
        assert f'name="{name}"' in page, name
    for name in RECORD_FIELDS[kind]:
        assert f'name="fields" value="{name}"' in page, name


def test_facets_and_values_of_a_new_filter_are_counted(served: Served) -> None:
    for kind in KINDS:
        counted = served.client.post(f"/v1/{kind}/facets", json={"facets": ["tags"]}).json()["data"]["tags"]
        assert {item["value"].casefold(): item["count"] for item in counted} == {"blue": 2, "red": 1}
        values = served.client.get(f"/v1/{kind}/fields/tags/values?q=re").json()["data"]
        assert [(item["value"], item["count"]) for item in values] == [("red", 1)]
    values = served.client.get("/v1/companies/fields/slogans/values?q=keep").json()["data"]
    assert [item["value"] for item in values] == ["keep it fast"]


@pytest.mark.parametrize("kind", KINDS)
def test_export_has_columns_of_the_new_fields(served: Served, kind: Kind) -> None:
    reply = served.client.post(f"/v1/{kind}/export?format=csv", json={})
    rows = list(csv.DictReader(io.StringIO(reply.text.removeprefix("\ufeff"))))
    if kind == "companies":
        assert [rows[0][name] for name in RECORD_FIELDS[kind]] == [
            "red; blue", "100", "true", "2020-01-01T00:00:00.000Z", "Make it simple",
        ]  # fmt: skip
        assert [rows[2][name] for name in RECORD_FIELDS[kind]] == [""] * 5
    else:
        assert [(row["nickname"], row["phone"], row["company_tags"]) for row in rows[:1]] == [
            ("Annie", "+49 30 555", "red; blue")
        ]


def test_export_to_parquet_types_the_new_fields(served: Served) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    reply = served.client.post("/v1/companies/export?format=parquet", json={})
    table = parquet.read_table(io.BytesIO(reply.content))
    types = {name: str(table.schema.field(name).type) for name in RECORD_FIELDS["companies"]}
    assert types == {
        "tags": "list<element: string>", "revenue": "int64", "is_public": "bool",
        "funded_at": "timestamp[ms, tz=UTC]", "slogan": "string",
    }  # fmt: skip


@pytest.mark.slow
def test_model_agrees_with_the_engine_on_new_filters(program: Program) -> None:
    """Random worlds, which change and reload saved indexes, as in `tests/property`. Here they ask the new filters."""
    names = "import json; from tests.property.model import *; print(json.dumps([ARRAYS, FLAGS, TIMES, NUMBERS]))"
    arrays, flags, times, numbers = json.loads(program.python("-c", names))
    assert {"tags", "tags_all", "slogans", "nicknames", "phones"} <= {*arrays["contacts"]}
    assert {"tags", "tags_all", "slogans"} <= {*arrays["companies"]}
    for kind in KINDS:
        assert "is_public" in flags[kind]
        assert "funded" in times[kind]
        assert "revenue" in numbers[kind]
    worlds = " or ".join(f"worlds[sqlite-{world}]" for world in range(4))
    program.python(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", f"pythonpath=. {program.source}", "-k", worlds,
        "tests/property/test_judge.py", cwd=ROOT,
    )  # fmt: skip


def test_server_with_new_filters_follows_changes(program: Program, tmp_path: Path) -> None:
    with serving(program, tmp_path) as served:
        served.program.letrics(served.home, "import", "-", "--kind", "companies", stdin=CHANGED)
        until(lambda: served.ids("companies", {"slogans": ["things"]}) == [C])
        assert served.ids("companies", {"tags": ["blue"]}) == [A, B, C]
        assert served.ids("companies", {"revenue_min": 200, "revenue_max": 400}) == [C]
        assert served.ids("contacts", {"is_public": True}) == [ANN, CYD]
        assert served.ids("contacts", {"funded_after": "2021-01-01", "funded_before": "2021-02-01"}) == [CYD]
