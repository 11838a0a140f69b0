"""Whatever a row holds, it is rejected with a short reason or becomes a document that every export format can write."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.export.writers import FORMATS, make_writer
from letrics.identity.merge import new_company, new_contact
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.ingest.cell_rules import CellRules
from letrics.ingest.column_reader import ColumnReader
from letrics.ingest.columns import COLUMNS
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.contact_mapper import ContactMapper
from letrics.ingest.rows import RowProblem
from letrics.records import KINDS, Kind, decode_contact, encode, join_company
from tests.hostile import any_values, bounded, texts

_NOW: Final = "2026-01-01T00:00:00.000Z"


def _document(kind: Any, row: dict[str, Any], in_cells: bool) -> bytes | None:
    """The document that a row becomes; None where it is rejected."""
    try:
        patch = CompanyMapper(in_cells).read(row) if kind == "companies" else ContactMapper(in_cells).read(row)
    except RowProblem as raised:
        problem = raised.again()
    else:
        return _written(patch)
    assert len(problem.reason) <= 1_000 and (problem.field is None or len(problem.field) <= 200)
    problem.reason.encode()
    return None


def _written(patch: CompanyPatch | ContactPatch) -> bytes:
    """The document of the record that a patch makes."""
    if isinstance(patch, CompanyPatch):
        return encode(new_company(patch, _NOW))
    company = CompanyPatch(domain=patch.company) if isinstance(patch.company, str) else patch.company
    contact = encode(new_contact(patch, "c_1", _NOW))
    decode_contact(contact)
    return join_company(contact, encode(new_company(company, _NOW)) if isinstance(company, CompanyPatch) else None)


@pytest.mark.parametrize("unit", ["\ufdfa", "\ufdfa,", "\u0301\u0323", "\u0f73", "\u200b"])
@pytest.mark.parametrize("kind", KINDS)
def test_long_text_in_any_column_takes_little_time(kind: Kind, unit: str) -> None:
    text = unit * (300_000 // len(unit))
    for name, column in COLUMNS[kind].items():
        reader = ColumnReader(column, name, CellRules(comma_lists=(name,)))
        for value in (text, [text]):
            with bounded(0.5), suppress(ValueError):
                reader.read(value)


@pytest.mark.parametrize("kind", ["companies", "contacts"])
@settings(deadline=None, max_examples=200)
@given(data=st.data(), in_cells=st.booleans())
def test_any_row_that_is_taken_is_exported(kind: Any, data: st.DataObject, in_cells: bool) -> None:
    names = st.sampled_from([*COLUMNS[kind], "company"])
    row = data.draw(st.dictionaries(names, texts() if in_cells else any_values(), max_size=6))
    domain = "domain" if kind == "companies" else "company_domain"
    document = _document(kind, {domain: "acme.example", "id": "1", **row}, in_cells)
    if document is None:
        return
    json.loads(document.decode())
    for format in FORMATS:
        out = io.BytesIO()
        writer = make_writer(kind, format, out)
        writer.write([document])
        writer.finish()
        assert out.getvalue()
