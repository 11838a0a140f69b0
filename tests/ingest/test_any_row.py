"""Whatever JSON a row holds, mapping gives a patch or says why not; and a patch never holds what a store cannot."""

from __future__ import annotations

import contextlib
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.ingest.columns import COLUMNS
from letrics.ingest.mapping import CompanyMapper, ContactMapper
from letrics.ingest.rows import RowProblem

_leaves: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
    | st.sampled_from(["acme.example", "jane@acme.example", "2026-01-31", "https://a.example", "1,200", "\ud800"])
)  # fmt: skip
_names = st.sampled_from(["value", "type", "domain", "city", "country", "text", "x"])
_values = st.recursive(
    _leaves, lambda below: st.lists(below, max_size=3) | st.dictionaries(_names, below, max_size=3), max_leaves=6
)


def _rows(kind: Any) -> st.SearchStrategy[dict[str, Any]]:
    names = st.sampled_from([*COLUMNS[kind], "company", "ID", "unknown"])
    domain = "domain" if kind == "companies" else "company_domain"
    return st.dictionaries(names, _values, max_size=8).map(lambda row: {domain: "acme.example", "id": "1", **row})


@settings(deadline=None, max_examples=300)
@given(_rows("companies"), st.booleans())
def test_companies(row: dict[str, Any], cells: bool) -> None:
    with contextlib.suppress(RowProblem):
        msgspec.json.encode(CompanyMapper(cells).read(row))


@settings(deadline=None, max_examples=300)
@given(_rows("contacts"), st.booleans())
def test_contacts(row: dict[str, Any], cells: bool) -> None:
    with contextlib.suppress(RowProblem):
        msgspec.json.encode(ContactMapper(cells).read(row))
