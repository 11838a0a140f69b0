"""Rules for cells: what the columns of a file show in its first rows."""

from __future__ import annotations

import msgspec
import pytest

from letrics.ingest.cell_rules import CellRules, complete_rules
from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.contact_mapper import ContactMapper
from letrics.ingest.rows import Members
from letrics.records import Kind

NAMES = ["domain", "Added At", "first_seen_at", "name"]


def rules_of(rows: list[Members], rules: CellRules = CellRules()) -> CellRules:  # noqa: B008 (frozen)
    return complete_rules(rules, make_mapping("companies", NAMES, rows), rows)


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (["1/5/2026", "1/31/2026"], "mdy"),
        (["1/5/2026", "31/1/2026", "x"], "dmy"),
        (["1/5/2026", "1/6/2026"], None),
        (["1/31/2026", "31/1/2026"], None),
        (["2026-01-05", "2026/01/31"], None),
        ([None, 5, ["1/31/2026"]], None),
    ],
)
def test_complete_rules_finds_the_order_of_dates(dates: list[object], order: str | None) -> None:
    rules = rules_of([{"domain": "a.example", "Added At": date, "name": "31/1/2026"} for date in dates])
    assert rules.order_of_dates("Added At") == order
    assert rules.order_of_dates("name") is rules.order_of_dates("first_seen_at") is None


def test_order_of_dates_given_by_the_user_is_preferred() -> None:
    rules = rules_of([{"domain": "a.example", "Added At": "1/31/2026"}], CellRules(date_order="dmy"))
    assert rules.order_of_dates("Added At") == rules.order_of_dates("first_seen_at") == "dmy"


def test_rules_of_columns_apply_to_their_cells() -> None:
    rows: list[Members] = [
        {"domain": "a.example", "Added At": "1/31/2026", "first_seen_at": "1/5/2026"},
        {"domain": "b.example", "Added At": "1/5/2026"},
        {"domain": "c.example", "Added At": "31/1/2026"},
    ]
    mapper = CompanyMapper(rules=rules_of(rows[:2]))
    assert [mapper.read(row).added_at for row in rows[:2]] == ["2026-01-31T00:00:00.000Z", "2026-01-05T00:00:00.000Z"]
    mapper.read(rows[0])
    (warning,) = mapper.warnings
    assert warning.field == "first_seen_at" and "pass --date-order dmy or mdy" in warning.reason
    mapper.read(rows[2])
    assert [warning.field for warning in mapper.warnings] == ["Added At"]


def test_rules_can_be_sent() -> None:
    rules = rules_of([{"domain": "a.example", "Added At": "1/31/2026"}], CellRules(strict=True, date_order="ymd"))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(rules), type=CellRules) == rules


def lists_of(kind: Kind, name: str, values: list[object]) -> tuple[str, ...]:
    rows: list[Members] = [{name: value} for value in values]
    return complete_rules(CellRules(), make_mapping(kind, [name], rows), rows).comma_lists


@pytest.mark.parametrize(
    ("kind", "name", "values", "is_list"),
    [
        ("companies", "Industries", ["SaaS, Software"], True),
        ("companies", "industries", ["SaaS, Software", "SaaS; Software"], False),
        ("companies", "Industry", ["SaaS, Software"], False),
        ("companies", "Industry Groups", ["Hardware, Software"], True),
        ("companies", "Technologies", ["a, b", *["c"] * 199, "d; e"], True),
        ("companies", "Technologies", ["a, b", *[None] * 300, "d; e"], False),
        ("contacts", "Departments", ["C-Suite, Sales"], True),
        ("contacts", "Department", ["Sales, Marketing"], False),
        ("contacts", "Company Technologies", ["a, b"], True),
        ("contacts", "Job Title", ["CEO, Founder"], False),
    ],
)
def test_complete_rules_finds_lists_with_commas(kind: Kind, name: str, values: list[object], is_list: bool) -> None:
    assert lists_of(kind, name, values) == ((name,) if is_list else ())


def test_lists_of_columns_are_split_by_the_rules() -> None:
    rows: list[Members] = [{"domain": "a.example", "Industries": "SaaS, Oil, Gas, and Mining", "functions": "a/b, c"}]
    mapping = make_mapping("companies", ["domain", "Industries", "functions"], rows)
    patch = CompanyMapper(rules=complete_rules(CellRules(), mapping, rows)).read(rows[0])
    assert (patch.industries, patch.functions) == (("SaaS", "Oil, Gas, and Mining"), ("a/b", "c"))
    patch = CompanyMapper(rules=complete_rules(CellRules(list_separator="/"), mapping, rows)).read(rows[0])
    assert (patch.industries, patch.functions) == (("SaaS, Oil, Gas, and Mining",), ("a", "b, c"))
    assert CompanyMapper().read(rows[0]).industries == ("SaaS, Oil, Gas, and Mining",)


def test_departments_beyond_the_first_are_reported() -> None:
    rows: list[Members] = [{"email": "a@a.example", "company_domain": "a.example", "Departments": "C-Suite, Sales"}]
    mapper = ContactMapper(rules=complete_rules(CellRules(), make_mapping("contacts", list(rows[0]), rows), rows))
    assert mapper.read(rows[0]).department == "C-Suite"
    assert [(warning.field, warning.reason) for warning in mapper.warnings] == [
        ("Departments", '"Sales" is left out: a contact has one department')
    ]


@pytest.mark.parametrize(
    ("header", "names", "read"),
    [
        ("Name", ["Abel, Ann", "Baker, Bob", "Jane Doe, MBA"], "Ann Abel"),
        ("Nachname, Vorname", ["Abel Ann"], "Ann Abel"),
        ("Name", ["Ann Abel", "Jane Doe, MBA", "Abel, Ann"], "Ann Abel"),
        ("Name", ["Cy Cole", "Abel, Ann", "Baker, Bob"], "Cy Cole"),
        ("Name", ["AJ Cole", "Abel, Ann", "Baker, Bob"], "AJ Cole"),
        ("Name", ["Abel, Ann", "Bob Baker", "Cy Cole"], "Abel, Ann"),
        ("Name", ["Frau Ann Abel", "Dr. Bob Baker"], "Ann Abel"),
        ("Name", ["Frau Ann Abel", "Bob Baker", "Cy Cole"], "Frau Ann Abel"),
        ("Nachname, Vorname", ["Frau Abel, Ann", "Herr Baker, Bob"], "Ann Abel"),
        ("Name", [], None),
    ],
)
def test_complete_rules_finds_last_names_first(header: str, names: list[str], read: str | None) -> None:
    rows: list[Members] = [{header: name, "Email": "ann@acme.example"} for name in names]
    mapping = make_mapping("contacts", [header, "Email"], rows)
    rules = complete_rules(CellRules(), mapping, rows)
    mapper = ContactMapper(True, None, rules)
    mapper.use(mapping)
    if names:
        assert mapper.read(rows[0]).full_name == read
