"""Rows mapped by column give the patches of rows that are mapped one at a time."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from letrics.identity.encoded_patches import decode_contact_patch, encode_contact_patch
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.ingest.cell_rules import CellRules
from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.columns import COLUMNS
from letrics.ingest.columnwise import ColumnwiseMapper
from letrics.ingest.contact_mapper import ContactMapper
from letrics.ingest.rows import RowProblem
from letrics.records import EmployeesRange
from tests.hostile import texts

_TEXTS: Final = ("", "Ann", " Ann ", "R&amp;D", '="0301"', "n/a", "-", "Unknown", "a\nb", "\u200b", "Zoë", "STRASSE ß")
"""Cells of any column."""
_ADDRESSES: Final = ("", "ann@acme.example", "a@x.example; b@y.example", "info@acme.example", "not an address@", "n/a")
_PHONES: Final = ("", "'+1 555-0100", "+1 555-0100", "4.93E+11")
_SITES: Final = ("", "https://x.example", "www.acme.example", "facebook.com/acme", "127.0.0.1", "acme")
_COUNTS: Final = ("", "7", "11-50", "many", "10,001+")
_CELLS_OF: Final[dict[str, tuple[str, ...]]] = {
    "First Name": _TEXTS, "Last Name": _TEXTS, "Title": (*_TEXTS, "CEO", "x" * 10_001, "\ud800"),
    "Secondary Email": _ADDRESSES, "Email": _ADDRESSES, "Mobile Phone": _PHONES, "Corporate Phone": _PHONES,
    "Person Linkedin Url": ("", "linkedin.com/in/Ann", "https://www.linkedin.com/in/ann", "https://x.example"),
    "City": ("", "Berlin", "n/a"), "Country": ("", "Germany", "NA"),
    "Location": ("", "Berlin, Germany; Paris, France", "-"), "Company": (*_TEXTS, "Acme"), "Website": _SITES,
    "Company Domain": _SITES, "# Employees": _COUNTS, "Company City": ("", "Lyon"), "Company Country": ("", "France"),
    "Industry": ("", "Software; Retail"), "Founded Year": ("", "1999", "soon"), "id": ("", "7", "8"),
    "Tussenvoegsel": ("", "van den", "-"), "Segundo apellido": ("", "López"),
    "Added At": ("", "2026-01-31", "31/31/31"), "Region": ("", "EMEA", "Bavaria"), "State": ("", "CA"),
    "Home City": ("", "Bonn"), "Home Country": ("", "Germany"), "Company Size": _COUNTS, "Shipping City": ("", "Rome"),
    "technologies/1": ("", "B; C", "-"), "technologies/0": ("", "A", "B"), "Technologies[0]": ("", "D"),
}  # fmt: skip
"""The columns of a file, and cells of each."""
_HEADER: Final = tuple(_CELLS_OF)


def mapper_of(names: tuple[str, ...], source: str | None = None, strict: bool = False) -> ContactMapper:
    mapper = ContactMapper(True, source, CellRules(strict=strict))
    mapping = make_mapping("contacts", list(names), [], with_source=source is not None)
    mapper.use(mapping)
    return mapper


def read_one(mapper: ContactMapper, row: dict[str, str]) -> ContactPatch | None:
    """The patch of a row without a warning; None for other rows."""
    try:
        patch = mapper.read(row)
    except RowProblem:
        return None
    return None if mapper.take_warnings() else patch


def read_by_column(
    mapper: ContactMapper, rows: list[dict[str, str]], max_companies: int = 100
) -> list[ContactPatch | None]:
    """The patches of rows, each with its company."""
    mapped = ColumnwiseMapper(mapper, max_companies).read(rows)
    return [
        None if found is None else decode_contact_patch(encode_contact_patch(found[0], 0, found[1])) for found in mapped
    ]


@st.composite
def tables(draw: st.DrawFn) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """A header and rows of it. Most rows have few cells, so that each meaning of a row occurs."""
    names = draw(st.permutations(_HEADER))[: draw(st.integers(1, len(_HEADER)))]
    rows = draw(st.lists(st.lists(st.sampled_from(names), unique=True, max_size=7), max_size=8))
    made = [{name: draw(st.sampled_from(_CELLS_OF[name])) for name in names if name in row} for row in rows]
    return tuple(names), [{name: cell for name, cell in row.items() if cell} for row in made]


@settings(deadline=None, max_examples=200)
@given(table=tables(), strict=st.booleans(), source=st.sampled_from([None, "crm"]))
def test_rows_by_column_are_those_of_single_rows(
    table: tuple[tuple[str, ...], list[dict[str, str]]], strict: bool, source: str | None
) -> None:
    names, rows = table
    single = mapper_of(names, source, strict)
    assert read_by_column(mapper_of(names, source, strict), rows) == [read_one(single, row) for row in rows]


def test_company_of_an_email_is_completed_by_column() -> None:
    rows = [
        {"Email": "ann@acme.example", "# Employees": "11-50", "Company City": "Lyon", "Company Country": "France"},
        {"Secondary Email": "bob@acme.example", "Email": "bob@x.example"},
    ]
    names = ("Secondary Email", "Email", "# Employees", "Company City", "Company Country")
    single = mapper_of(names)
    ann, bob = read_by_column(mapper_of(names), rows)
    assert (ann, bob) == (read_one(single, rows[0]), read_one(single, rows[1]))
    assert ann is not None and isinstance(ann.company, CompanyPatch)
    assert (ann.company.domain, ann.company.employees_range) == ("acme.example", EmployeesRange(11, 50))


@settings(deadline=None, max_examples=100)
@given(rows=st.lists(st.dictionaries(st.sampled_from(sorted(COLUMNS["contacts"])), texts(), max_size=6), max_size=8))
def test_any_text_by_column_is_that_of_a_single_row(rows: list[dict[str, str]]) -> None:
    names = tuple(sorted(COLUMNS["contacts"]))
    rows = [{name: cell for name, cell in row.items() if cell} for row in rows]
    single = mapper_of(names)
    assert read_by_column(mapper_of(names), rows) == [read_one(single, row) for row in rows]


def test_first_of_several_columns_of_a_field_is_used() -> None:
    names = ("Email", "Secondary Email", "Mobile Phone", "Corporate Phone")
    row = {"Email": "ann@acme.example", "Mobile Phone": "+1 555-0100", "Corporate Phone": "+1 555-0199"}
    other = {"Email": "bob@acme.example", "Secondary Email": "b@y.example", "Corporate Phone": "+1 555-0199"}
    single = mapper_of(names)
    (ann, bob) = read_by_column(mapper_of(names), [row, other])
    assert (ann, bob) == (read_one(single, row), read_one(single, other))
    assert bob is not None and bob.emails is not UNSET
    assert [email.value for email in bob.emails] == ["bob@acme.example", "b@y.example"]


@pytest.mark.parametrize(
    "row",
    [
        {"Title": "CEO"},
        {"First Name": "Ann", "Last Name": "Abel"},
        {"First Name": "Ann", "Last Name": "Abel", "Website": "no address", "Company": "Acme"},
        {"Email": "a@", "id": "7"},
    ],
)
def test_row_with_a_problem_or_a_warning_is_left_out(row: dict[str, Any]) -> None:
    good = {"Email": "ann@acme.example"}
    columns = ColumnwiseMapper(mapper_of(_HEADER))
    before, patch, after = columns.read([good, row, good])
    assert patch is None
    assert before == after and before is not None and before[0].company == "acme.example"


def test_companies_beyond_the_capacity_are_read_again() -> None:
    rows = [{"Email": f"a{n}@x.example", "Company": f"Company {n}"} for n in range(250)]
    patches = read_by_column(mapper_of(_HEADER), rows + rows[:1])
    names = [patch.company.name for patch in patches if patch is not None]  # type: ignore[union-attr]
    assert names == [f"Company {n}" for n in [*range(250), 0]]


def test_companies_whose_cells_have_separators_are_apart() -> None:
    names = ("Email", "Company", "Company Domain")
    rows = [
        {"Email": "ann@x.example", "Company": "a\0b", "Company Domain": "c.example"},
        {"Email": "bob@y.example", "Company": "a", "Company Domain": "b\0c.example"},
    ]
    (ann, bob) = read_by_column(mapper_of(names), rows)
    assert ann != bob and bob is None, "its domain is not valid"
