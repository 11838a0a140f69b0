"""Single rows for tests of the mappers: the patch of one with given values, and any rows."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.ingest.cell_rules import CellRules
from letrics.ingest.columns import COLUMNS
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.contact_mapper import ContactMapper

STRICT = CellRules(strict=True)
"""Rules with which a cell that cannot be read rejects its row."""


def company(cells: bool = False, **members: Any) -> CompanyPatch:
    """The patch of a row of a company."""
    return CompanyMapper(cells, STRICT).read({"domain": "acme.example", **members})


def contact(cells: bool = False, **members: Any) -> ContactPatch:
    """The patch of a row of a contact."""
    row = {"company_domain": "acme.example", "full_name": "Jane Doe", **members}
    return ContactMapper(cells, rules=STRICT).read(row)


_leaves: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
    | st.sampled_from(["acme.example", "jane@acme.example", "2026-01-31", "https://a.example", "1,200", "\ud800"])
)  # fmt: skip
_names = st.sampled_from(["value", "type", "domain", "city", "country", "text", "x"])
_values = st.recursive(
    _leaves, lambda below: st.lists(below, max_size=3) | st.dictionaries(_names, below, max_size=3), max_leaves=6
)


def any_rows(kind: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Rows of a kind with any values."""
    names = st.sampled_from([*COLUMNS[kind], "company", "ID", "unknown"])
    domain = "domain" if kind == "companies" else "company_domain"
    return st.dictionaries(names, _values, max_size=8).map(lambda row: {domain: "acme.example", "id": "1", **row})
