"""The Parquet writer: the columns, their types, and row groups."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest

from letrics.records import Company, ContactBody, Email, Kind, Place, encode, join_company

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

from letrics.export.parquet import GROUP, ParquetWriter  # noqa: E402 (needs pyarrow)

AT = "2026-01-31T09:30:00.000Z"
MOMENT = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
COMPANY = Company(
    id="acme.example", domain="acme.example", tld="example", name="Acme", employees=50, technologies=("React", "C++"),
    locations=(Place("Berlin", "Berlin", "Germany", "DE", "Europe", "Berlin"),),
    emails=(Email("info@acme.example", "generic"),), first_seen_at=AT, added_at=AT, updated_at=AT,
)  # fmt: skip
CONTACT = ContactBody(id="7", full_name="Jane Doe", is_decision_maker=False, added_at=AT, updated_at=AT)
DOCUMENTS: dict[Kind, bytes] = {
    "companies": encode(COMPANY),
    "contacts": join_company(encode(CONTACT), encode(COMPANY)),
}


def written(kind: Kind, documents: list[bytes], members: list[str] | None = None) -> Any:
    out = io.BytesIO()
    writer = ParquetWriter(out, kind, members)
    for document in documents:
        writer.write(writer.encode([document]))
    writer.finish()
    return parquet.ParquetFile(io.BytesIO(out.getvalue()))


def test_company_has_its_fields_with_their_types() -> None:
    file = written("companies", [DOCUMENTS["companies"]])
    assert tuple(file.schema_arrow.names) == Company.__struct_fields__
    types = {field.name: str(field.type) for field in file.schema_arrow}
    assert (types["employees"], types["name"], types["added_at"]) == ("int64", "string", "timestamp[ms, tz=UTC]")
    (row,) = file.read().to_pylist()
    assert row["technologies"] == ["React", "C++"] and row["emails"] == [
        {"value": "info@acme.example", "type": "generic"}
    ]
    assert row["locations"][0]["country_code"] == "DE"
    assert (row["first_seen_at"], row["founded_year"]) == (MOMENT, None)


def test_contact_has_its_company_as_a_struct() -> None:
    (row,) = written("contacts", [DOCUMENTS["contacts"]]).read().to_pylist()
    assert (row["id"], row["is_decision_maker"], row["phone"]) == ("7", False, None)
    assert (row["company"]["domain"], row["company"]["employees"], row["company"]["added_at"]) == (
        "acme.example", 50, MOMENT,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "members", "names"),
    [
        ("companies", ["name", "id", "name"], ["name", "id"]),
        ("contacts", ["full_name", "company"], ["full_name", "company"]),
        ("contacts", ["company.name", "id", "company.domain"], ["company", "id"]),
    ],
)
def test_columns_are_those_requested_in_their_order(kind: Kind, members: list[str], names: list[str]) -> None:
    assert written(kind, [], members).schema_arrow.names == names


@pytest.mark.parametrize(
    ("members", "within"),
    [
        (["company.name", "company.domain"], ["name", "domain"]),
        (["company", "company.name"], Company.__struct_fields__),
    ],
)
def test_company_struct_has_the_requested_fields(members: list[str], within: list[str]) -> None:
    struct = written("contacts", [], members).schema_arrow.field("company").type
    assert [field.name for field in struct] == list(within)


def test_rows_are_written_in_groups_and_the_rest_at_the_end() -> None:
    out = io.BytesIO()
    writer = ParquetWriter(out, "companies", ["id"])
    batch = writer.encode([DOCUMENTS["companies"]] * (GROUP // 2 + 1))
    writer.write(batch)
    before = out.tell()
    writer.write(batch)
    assert out.tell() > before, "a full group is written at once"
    writer.write(writer.encode([DOCUMENTS["companies"]]))
    writer.finish()
    metadata = parquet.ParquetFile(io.BytesIO(out.getvalue())).metadata
    assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == [2 * len(batch), 1]


def test_file_without_rows_has_its_columns() -> None:
    file = written("companies", [])
    assert file.metadata.num_rows == 0 and len(file.schema_arrow) == len(Company.__struct_fields__)


@pytest.mark.parametrize("bad", [b"", b"{", b'{"id":"a"},{"id":"b"}', b'{"added_at":"soon"}', b'{"employees":"many"}'])
def test_encode_of_a_malformed_document_raises(bad: bytes) -> None:
    writer = ParquetWriter(io.BytesIO(), "companies")
    with pytest.raises((ValueError, TypeError, pa.ArrowInvalid)):
        writer.encode([bad])
