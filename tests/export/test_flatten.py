"""A flattened record, written as CSV and imported again, is unchanged."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from letrics.export.flatten import MAX_CACHED, cached_place
from letrics.export.writers import make_writer
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.contact_mapper import ContactMapper
from letrics.ingest.delimited import DelimitedReader
from letrics.ingest.jsonl import read_json_lines
from letrics.ingest.place_values import place_of
from letrics.normalize.decoded_text import cell_text
from letrics.normalize.empty_cells import is_empty_cell
from letrics.normalize.item_list import split_items
from letrics.normalize.phone import phone_number
from letrics.normalize.time import format_time
from letrics.normalize.year import FIRST_YEAR, LAST_YEAR
from letrics.records import DERIVABLE, Company, Contact, Email, EmployeesRange, Place, encode

_MARKS = st.sampled_from(list("=+-@';,\"[]{}\\\u00e9\u2603\u00a0\ufeff\u0660|＝＋－＠\u200b\u00ad"))
_letters = st.characters(exclude_categories=("Cs", "Cc")) | _MARKS
_texts = st.text(_letters, min_size=1, max_size=12).filter(
    lambda text: text == cell_text(text) and not is_empty_cell(text) and "\u2028" not in text and "\u2029" not in text
)
_departments = _texts.filter(lambda text: split_items(text) == [text] and text[0] not in "[{")
_lists = st.lists(_texts, max_size=3, unique=True).map(tuple)
_addresses = st.builds(lambda local, host: f"{local}@{host}.example", st.sampled_from(["info", "jane", "J.Doe+x"]),
                       st.sampled_from(["acme", "bolt"]))  # fmt: skip
_emails = st.lists(
    st.builds(Email, _addresses, st.sampled_from(["generic", "personal"])),
    max_size=3,
    unique_by=lambda e: e.value.lower(),
).map(tuple)
_parts = (
    st.none()
    | st.sampled_from(["Berlin", "Germany", "Springfield", "New York", "US", "DE", "Nowhere; really"])
    | _texts
)
_bounds = st.tuples(*[st.none() | st.integers(0, 10**9)] * 2)
_bands = st.none() | _bounds.filter(any).map(lambda ends: EmployeesRange(*ends if None in ends else sorted(ends)))
_derived = st.lists(st.sampled_from(DERIVABLE), unique=True).map(
    lambda names: tuple(name for name in DERIVABLE if name in names)
)
_places = st.lists(
    st.builds(place_of, _parts, _parts, _parts).filter(lambda place: place.text is not None), max_size=2, unique=True
).map(tuple)
_times = st.integers(-62_135_596_800_000, 253_402_300_799_999).map(format_time)
_urls = st.none() | st.just("https://linkedin.example/x;y")

companies = st.builds(
    Company, id=st.just("acme.example"), domain=st.just("acme.example"), name=st.none() | _texts, website=_urls,
    description=st.none() | _texts, locations=_places, functions=_lists, industries=_lists, technologies=_lists,
    emails=_emails, linkedin_url=_urls, employees=st.none() | st.integers(0, 10**9),
    employees_range=_bands,
    founded_year=st.none() | st.integers(FIRST_YEAR, LAST_YEAR),
    first_seen_at=_times, added_at=_times, updated_at=_times,
)  # fmt: skip
contacts = st.builds(
    Contact, id=_texts, first_name=st.none() | _texts, last_name=st.none() | _texts, full_name=st.none() | _texts,
    job_title=st.none() | _texts, department=st.none() | _departments, seniority=st.none() | _texts,
    is_decision_maker=st.none() | st.booleans(), emails=_emails, linkedin_url=_urls,
    phone=st.none() | _texts.map(phone_number), locations=_places, derived=_derived,
    added_at=_times, updated_at=_times, company=companies,
)  # fmt: skip


def _says(patch: CompanyPatch | ContactPatch, record: Company | Contact, missing: object) -> None:
    """The patch has the record's value of every field. Fields without a value are `missing` or equal the record's."""
    for name in patch.__struct_fields__:
        if name in ("company", "company_from_email", "external_id"):
            continue
        said, known = getattr(patch, name), getattr(record, name)
        assert said == known or (said is missing and known in (None, ())), name


def _table(kind: Any, record: Company | Contact) -> dict[str, Any]:
    out = io.BytesIO()
    writer = make_writer(kind, "csv", out)
    writer.write([encode(record)])
    writer.finish()
    out.seek(0)
    (row,) = DelimitedReader(out, "out.csv")
    assert row.problem is None, row.problem
    assert row.members is not None
    return row.members


@settings(deadline=None)
@given(companies)
def test_a_company_in_csv(record: Company) -> None:
    _says(CompanyMapper(cells=True).read(_table("companies", record)), record, UNSET)


@pytest.mark.parametrize("department", ["0|", "Sales; Marketing", "|x", "[a]", "{", "A, B", "=1;=2"])
def test_department_that_looks_like_several_is_read_as_one(department: str) -> None:
    record = Contact(id="1", department=department, added_at="x", updated_at="x", company=None)
    assert ContactMapper(cells=True).read(_table("contacts", record)).department == department


@settings(deadline=None)
@given(contacts)
def test_a_contact_in_csv(record: Contact) -> None:
    mapper = ContactMapper(cells=True)
    patch = mapper.read(_table("contacts", record))
    assert patch.external_id == record.id
    _says(patch, record, UNSET)
    assert isinstance(patch.company, CompanyPatch) and record.company is not None
    _says(patch.company, record.company, UNSET)
    assert not mapper.ignored


@settings(deadline=None)
@given(contacts)
def test_a_contact_as_it_is_sent(record: Contact) -> None:
    (row,) = read_json_lines(io.BytesIO(encode(record)))
    assert row.members is not None
    patch = ContactMapper().read(row.members)
    _says(patch, record, None)
    assert isinstance(patch.company, CompanyPatch) and record.company is not None
    _says(patch.company, record.company, None)


def test_unknown_place_is_written_whole_if_its_text_differs() -> None:
    place = Place(city="Nowhere", country="Germany", country_code="DE", continent="Europe", text="somewhere else")
    record = Company(
        id="a.example", domain="a.example", locations=(place,), first_seen_at="x", added_at="x", updated_at="x"
    )
    assert _table("companies", record)["locations"].startswith('[{"city":"Nowhere"')


def test_places_with_long_texts_are_not_cached() -> None:
    for length, cached in ((MAX_CACHED, 1), (MAX_CACHED + 1, 0), (100_000, 0)):
        cached_place.cache_clear()
        text = "x" * length
        record = Company(
            id="a.example", domain="a.example", locations=(Place(text=text),), first_seen_at="x", added_at="x",
            updated_at="x",
        )  # fmt: skip
        assert _table("companies", record)["locations"] == text
        assert cached_place.cache_info().currsize == cached


def test_place_with_several_in_its_text_is_written_whole() -> None:
    place = place_of(text="Berlin / Paris")
    record = Company(
        id="a.example", domain="a.example", locations=(place,), first_seen_at="x", added_at="x", updated_at="x"
    )
    assert _table("companies", record)["locations"].startswith('[{"city":null')
