"""Records of a request: what is rejected, left out and not used, and that they are interpreted like rows of a file."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec import UNSET

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.ingest.json_records import read_json_records
from letrics.ingest.rows import MAX_ROW
from letrics.records import Email, Kind
from letrics.store.upserting import AmbiguousFields, RecordsToUpsert


def read(kind: Kind, *records: dict[str, Any]) -> RecordsToUpsert:
    return read_json_records(kind, [json.dumps(record).encode() for record in records])


def test_patches_are_those_of_the_valid_records() -> None:
    records = read("companies", {"domain": "a.example"}, {"employees": 5}, {"website": "https://www.b.example/x"})
    assert [patch.patch.domain for patch in records.patches] == ["a.example", "b.example"]  # type: ignore[union-attr]
    assert list(records.rejected) == [1]
    assert records.warnings == {}


def test_rejected_record_names_field_and_value() -> None:
    [problem] = read("contacts", {"emails": ["nobody"]}).rejected.values()
    assert problem.field == "emails"
    assert '"nobody"' in problem.reason


def test_record_of_a_company_alone_is_no_contact() -> None:
    records = read("contacts", {"company": {"domain": "a.example"}, "phone": "1"}, {"id": "1", "full_name": "Ann"})
    assert (list(records.rejected), len(records.patches)) == ([0], 1)
    assert "does not identify a contact" in records.rejected[0].reason


def test_unreadable_value_is_a_warning() -> None:
    records = read("companies", {"domain": "a.example", "employees": "many", "founded_year": 1999})
    [[warning]] = records.warnings.values()
    assert (warning.field, '"many"' in warning.reason) == ("employees", True)
    assert records.patches[0].patch.founded_year == 1999  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("record", "field", "near"),
    [
        ({"emial": "x"}, "emial", "emails"),
        ({"senoirity": "vp"}, "senoirity", "seniority"),
        ({"company": {"domain": "a.example", "nmae": "A"}}, "company.nmae", "company.name"),
        ({"zzzzz": 1}, "zzzzz", None),
    ],
)
def test_unknown_field_names_the_nearest_one(record: dict[str, Any], field: str, near: str | None) -> None:
    records = read("contacts", {"id": "1", "full_name": "Ann"}, {"id": "2", "full_name": "Bob", **record})
    [warning] = records.warnings[1]
    assert 0 not in records.warnings
    assert warning.field == field
    assert warning.reason.endswith(f"did you mean {near}?" if near else "no such field")


def test_many_unknown_fields_are_all_named() -> None:
    records = read("companies", {"domain": "a.example", **{f"zz{number}x": 1 for number in range(100)}})
    assert len(records.warnings[0]) == 100


def test_derived_fields_of_exports_are_no_warnings() -> None:
    company = {"domain": "a.co.uk", "tld": "co.uk", "id": "a.co.uk"}
    assert read("companies", company).warnings == {}
    assert read("contacts", {"id": "1", "full_name": "Ann", "company": company, "derived": []}).warnings == {}


def test_dates_are_read_in_the_order_of_the_others() -> None:
    records = read(
        "companies", {"domain": "a.example", "added_at": "31.1.2026"}, {"domain": "b.example", "added_at": "5.1.2026"}
    )
    assert records.patches[1].patch.added_at == "2026-01-05T00:00:00.000Z"  # type: ignore[union-attr]


def test_ambiguous_field_is_an_error_with_its_choices() -> None:
    urls = ("https://www.linkedin.com/in/ann", "https://b.example")
    with pytest.raises(AmbiguousFields) as error:
        read("contacts", *({"full_name": "Ann", "company_domain": "a.example", "URL": url} for url in urls))
    assert error.value.choices == {"URL": ("linkedin_url", "company_website")}


def test_objects_are_fields_as_in_a_file() -> None:
    person = {"person": {"name": "Ann Abel", "emails": [{"email": "ann@acme.example", "type": "work"}], "fax": "1"}}
    records = read("contacts", person | {"organization": {"name": "Acme", "website_url": "acme.example"}})
    [patch] = (encoded.patch for encoded in records.patches)
    assert (patch.full_name, patch.company.name, patch.company.domain) == ("Ann Abel", "Acme", "acme.example")  # type: ignore[union-attr]
    assert [warning.field for warning in records.warnings[0]] == ["person.emails.type", "person.fax"]
    assert records.mapping["organization.website_url"] == "company_website"


def test_company_may_be_a_name_or_an_object() -> None:
    names = ["Acme", {"name": "Acme"}, {"name": "Acme", "site": "acme.example"}]
    records = read(
        "contacts", *({"id": str(n), "full_name": "Ann", "company": company} for n, company in enumerate(names))
    )
    assert (len(records.patches), records.warnings, records.rejected) == (3, {}, {})
    assert [encoded.patch.company.name for encoded in records.patches] == ["Acme"] * 3  # type: ignore[union-attr]


def test_too_long_record_is_rejected() -> None:
    records = read("companies", {"domain": "a.example", "x": "y" * MAX_ROW}, {"domain": "b.example"})
    assert "longer than" in records.rejected[0].reason
    assert len(records.patches) == 1


def test_records_after_the_first_bytes_are_read_alike() -> None:
    big = "y" * (1 << 19)
    records = read("companies", *({"domain": f"a{n}.example", "zzz": big} for n in range(12)), {"domain": "b.example"})
    assert len(records.patches) == 13
    assert sorted(records.warnings) == list(range(12))


@pytest.mark.parametrize("owner", ["client", "vendor", "parent", "partner", "customer", "investor", "owner", "brand"])
def test_related_companies_are_named_and_not_used(owner: str) -> None:
    related = {"domain": "beta.example", "email": "x@beta.example", "linkedin_url": "https://linkedin.com/company/beta"}
    records = read("companies", {"name": "Acme", owner: related}, {"name": "Cole", "data": {owner: related}})
    assert [patch.patch for patch in records.patches] == [CompanyPatch(name="Acme"), CompanyPatch(name="Cole")]
    for prefix, warnings in zip(("", "data."), records.warnings.values(), strict=True):
        assert [warning.field for warning in warnings] == [f"{prefix}{owner}.{name}" for name in related]


def test_objects_say_whose_an_address_is() -> None:
    person = {"full_name": "Ann", "id": "7"}
    records = read(
        "contacts",
        person | {"business": {"email": "info@acme.example"}, "company_domain": "acme.example"},
        person | {"work": {"email": "ann@acme.example"}, "personal": {"email": "ann@mail.example"}},
        person | {"links": [{"type": "x", "url": "https://x.com/ann"}, {"url": "https://linkedin.com/in/ann"}]},
    )
    first, second, third = (patch.patch for patch in records.patches)
    assert isinstance(first, ContactPatch) and isinstance(second, ContactPatch) and isinstance(third, ContactPatch)
    assert first.emails is UNSET
    assert first.company == CompanyPatch(domain="acme.example", emails=(Email("info@acme.example", "generic"),))
    assert [email.value for email in second.emails or ()] == ["ann@acme.example", "ann@mail.example"]
    assert third.linkedin_url == "https://www.linkedin.com/in/ann"
