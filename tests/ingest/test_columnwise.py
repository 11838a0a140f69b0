"""Rows mapped by column give the patches of rows that are mapped one at a time."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from letrics.identity.patches import ContactPatch
from letrics.ingest.cell_rules import CellRules
from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.columns import COLUMNS
from letrics.ingest.columnwise import ColumnwiseMapper
from letrics.ingest.mapping import ContactMapper
from letrics.ingest.rows import RowProblem
from tests.hostile import texts

_HEADER: Final = (
    "First Name", "Last Name", "Title", "Email", "Secondary Email", "Mobile Phone", "Corporate Phone",
    "Person Linkedin Url", "City", "Country", "Location", "Company", "Website", "# Employees", "Industry", "id",
    "Added At",
)  # fmt: skip
_CELLS: Final = (
    "", "Ann", " Ann ", "ann@acme.example", "a@x.example; b@y.example", "info@acme.example", "not an address@", "CEO",
    "R&amp;D", '="0301"', "n/a", "-", "Unknown", "'+1 555-0100", "+1 555-0100", "4.93E+11", "linkedin.com/in/Ann",
    "https://www.linkedin.com/in/ann", "https://x.example", "Berlin", "Germany", "Berlin, Germany; Paris, France",
    "Acme", "www.acme.example", "facebook.com/acme", "127.0.0.1", "11-50", "many", "Software; Retail", "7",
    "2026-01-31", "a\nb", "\u200b", "Zoë", "STRASSE ß", "x" * 10_001, "\ud800",
)  # fmt: skip


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


@settings(deadline=None, max_examples=300)
@given(
    rows=st.lists(st.lists(st.sampled_from(_CELLS), min_size=len(_HEADER), max_size=len(_HEADER)), max_size=8),
    header=st.permutations(_HEADER), width=st.integers(1, len(_HEADER)), strict=st.booleans(),
    source=st.sampled_from([None, "crm"]),
)  # fmt: skip
def test_rows_by_column_are_those_of_single_rows(
    rows: list[list[str]], header: list[str], width: int, strict: bool, source: str | None
) -> None:
    names = tuple(header[:width])
    given_rows = [{name: cell for name, cell in zip(names, row, strict=False) if cell} for row in rows]
    columns = ColumnwiseMapper(mapper_of(names, source, strict))
    single = mapper_of(names, source, strict)
    assert columns.read(given_rows) == [read_one(single, row) for row in given_rows]


@settings(deadline=None, max_examples=100)
@given(rows=st.lists(st.dictionaries(st.sampled_from(sorted(COLUMNS["contacts"])), texts(), max_size=6), max_size=8))
def test_any_text_by_column_is_that_of_a_single_row(rows: list[dict[str, str]]) -> None:
    names = tuple(sorted(COLUMNS["contacts"]))
    rows = [{name: cell for name, cell in row.items() if cell} for row in rows]
    single = mapper_of(names)
    assert ColumnwiseMapper(mapper_of(names)).read(rows) == [read_one(single, row) for row in rows]


def test_first_of_several_columns_of_a_field_is_used() -> None:
    row = {"Mobile Phone": "+1 555-0100", "Corporate Phone": "+1 555-0199", "Email": "ann@acme.example"}
    other = {"Corporate Phone": "+1 555-0199", "Email": "bob@acme.example", "Secondary Email": "b@y.example"}
    single = mapper_of(_HEADER)
    (ann, bob) = ColumnwiseMapper(mapper_of(_HEADER)).read([row, other])
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
    assert before == after and before is not None and before.company == "acme.example"


def test_companies_beyond_the_capacity_are_read_again() -> None:
    rows = [{"Email": f"a{n}@x.example", "Company": f"Company {n}"} for n in range(25_000)]
    patches = ColumnwiseMapper(mapper_of(_HEADER)).read(rows + rows[:1])
    names = [patch.company.name for patch in patches if patch is not None]  # type: ignore[union-attr]
    assert names == [f"Company {n}" for n in [*range(25_000), 0]]
