"""Headers with a remark after the name."""

from __future__ import annotations

import pytest

from letrics.ingest.labelled_names import labelled_name
from letrics.ingest.recognition import recognise


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Phone (work)", "phone"), ("Phone [home]", "phone"), ("Mobil (geschäftlich)", "phone"),
        ("Phone Work", "phone"),
        ("E-Mail (privat)", "emails"), ("Email (other)", "emails"), ("PLZ (geschäftlich)", "postal_code"),
        ("Land (geschäftlich)", "country"), ("PLZ dienstlich", "postal_code"), ("City (home)", "city"),
        ("companyName (metadata)", "company_name"), ("Job Title (optional)", "job_title"),
        ("Email (Required)", "emails"),
    ],
)  # fmt: skip
def test_header_with_a_remark_has_the_field_of_its_name(header: str, field: str) -> None:
    found = recognise("contacts", header)
    assert found is not None and found.fields == (field,)


@pytest.mark.parametrize(
    "header", ["Phone (notes)", "Job Title (previous)", "Company (work)", "Created (UTC)", "Name (home)", "Note work",
    "phone.primary", "Email Primary",
    "work", "(work)"]
)  # fmt: skip
def test_other_remark_leaves_a_header_unknown(header: str) -> None:
    found = recognise("contacts", header)
    assert found is None or found.fields == ()


def test_value_at_work_is_preferred() -> None:
    work, home = recognise("contacts", "Phone (work)"), recognise("contacts", "Phone (home)")
    assert work is not None and home is not None and work.rank < home.rank
    assert labelled_name("Phone") is None
