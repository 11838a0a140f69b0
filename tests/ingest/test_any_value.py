"""Every reader of values, whatever it is given: a value or a ValueError with a short message, in linear time."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.export import cells
from letrics.export.writers import FORMATS, make_writer
from letrics.fields import CATALOGUE
from letrics.ingest import urls, values
from letrics.ingest.columns import COLUMNS, column_named
from letrics.ingest.mapping import CompanyMapper, ContactMapper
from letrics.ingest.rows import RowProblem
from letrics.query import request_values as query_values
from letrics.records import decode_contact, encode, join_company
from letrics.store.base import CompanyPatch, ContactPatch
from letrics.store.merge import new_company, new_contact
from tests.hostile import TooSlow, bounded, long_texts, texts

INGEST: Final[dict[str, Callable[[Any], Any]]] = {
    "read_count": values.read_count,
    "read_emails": values.read_emails,
    "read_flag": values.read_flag,
    "read_long_text": values.read_long_text,
    "read_part": values.read_part,
    "read_places": values.read_places,
    "read_text": values.read_text,
    "read_texts": values.read_texts,
    "read_time": values.read_time,
    "read_year": values.read_year,
    "read_linkedin": urls.read_linkedin,
    "read_website": urls.read_website,
}
"""The readers of import columns."""

CELLS: Final[dict[str, Callable[[Any], Any]]] = {
    f"{name} in a cell": values.in_cell(INGEST[name]) for name in ("read_emails", "read_places", "read_texts")
}
"""Those of lists, as CSV has them."""

_FIELDS: Final = {field.kind: field for field in CATALOGUE if field.is_array}

QUERY: Final[dict[str, Callable[[Any], Any]]] = {
    "query read_flag": query_values.read_flag,
    "query read_number": query_values.read_number,
    "query read_time": lambda value: query_values.read_time(value, "first"),
    **{
        f"query read_terms {kind}": lambda value, field=field: query_values.read_terms(field, [value])  # type: ignore[misc]
        for kind, field in _FIELDS.items()
    },
}
"""The readers of request fields."""

READERS: Final = INGEST | CELLS | QUERY

_SIZE: Final = 30_000
_SECONDS: Final = 0.5
_MESSAGE: Final = 300
"""The most characters of a message, a shortened value included."""

_deep: list[Any] = []
for _ in range(5_000):
    _deep = [_deep]
_ODD: Final[list[Any]] = [
    _deep, 10**5_000, -(10**5_000), 1e308, float("inf"), float("nan"), Decimal("NaN"), b"\xff", {"a": _deep}, object(),
    ["x"] * 5_000, [None] * 5_000, [["x"]], [{}], [{"value": 1}], {1: 2}, True, ("a",),
    {"value": "a@b.example", "type": []},
]  # fmt: skip
_values = (
    texts() | st.integers() | st.floats() | st.none() | st.booleans() | st.sampled_from(_ODD)
    | st.lists(texts(), max_size=3)
    | st.dictionaries(st.sampled_from(["value", "type", "city", "region", "country", "text"]), texts(), max_size=3)
)  # fmt: skip


def _problem(reader: Callable[[Any], Any], value: Any) -> str | None:
    """What is wrong with how a reader takes a value; None where all is well."""
    try:
        with bounded(_SECONDS):
            read = reader(value)
    except TooSlow:
        return "takes too long"
    except ValueError as error:
        return None if type(error) is ValueError and len(str(error)) <= _MESSAGE else f"raises {error!r:.400}"
    except Exception as error:
        return f"raises {type(error).__name__}: {error}"
    try:
        msgspec.json.encode(read)
    except ValueError:
        return "gives what cannot be encoded"
    return None


@pytest.mark.parametrize("name", READERS)
def test_reader_of_long_text_ends(name: str) -> None:
    for text in long_texts(_SIZE):
        problem = _problem(READERS[name], text)
        assert problem is None, f"{problem}: {text[:20]!r} … {text[-10:]!r}"


@pytest.mark.parametrize("name", READERS)
@settings(deadline=None, max_examples=100)
@given(value=_values)
def test_reader_of_any_value_gives_or_refuses(name: str, value: Any) -> None:
    assert _problem(READERS[name], value) is None


@pytest.mark.parametrize("value", _ODD, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("name", READERS)
def test_reader_of_odd_value_gives_or_refuses(name: str, value: Any) -> None:
    assert _problem(READERS[name], value) is None


@pytest.mark.parametrize("value", [*_ODD, "\ud800", "x" * 1_000_000], ids=lambda value: type(value).__name__)
def test_shown_value_is_short_and_encodable(value: Any) -> None:
    shown = query_values.shown(value)
    assert len(shown.encode()) <= 400 and len(shown) <= 80


def test_every_reader_is_in_the_table() -> None:
    """Readers are the functions that columns name, and the public ones of their modules that begin with `read_`."""
    named = {column.read for columns in COLUMNS.values() for column in columns.values()}
    assert named <= set(INGEST.values())
    public = {value for module in (values, urls) for name, value in vars(module).items() if name.startswith("read_")}
    assert {reader for reader in public if reader.__module__.startswith("letrics.ingest")} == set(INGEST.values())
    assert {field.kind for field in CATALOGUE if field.is_array} == set(_FIELDS)
    assert {name for name in vars(query_values) if name.startswith("read_")} - {"read_email", "read_location"} == {
        "read_flag", "read_number", "read_terms", "read_time",
    }  # fmt: skip


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
    company = patch.company if isinstance(patch.company, CompanyPatch) else CompanyPatch(domain=patch.company)
    contact = encode(new_contact(patch, "c_1", _NOW))
    decode_contact(contact)
    return join_company(contact, encode(new_company(company, _NOW)))


@pytest.mark.parametrize("kind", ["companies", "contacts"])
@settings(deadline=None, max_examples=200)
@given(data=st.data(), in_cells=st.booleans())
def test_any_row_that_is_taken_is_exported(kind: Any, data: st.DataObject, in_cells: bool) -> None:
    names = st.sampled_from([*COLUMNS[kind], "company"])
    row = data.draw(st.dictionaries(names, texts() if in_cells else _values, max_size=6))
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


@settings(deadline=None, max_examples=200)
@given(texts())
def test_any_column_name_is_known_or_not(name: str) -> None:
    for kind in COLUMNS:
        column = column_named(kind, name)
        assert column is None or column.member


@settings(deadline=None, max_examples=300)
@given(texts())
def test_any_cell_is_split(cell: str) -> None:
    assert isinstance(cells.split(cell), list)
    assert cells.unguard(cells.guard(cell)) == cell
