"""The comparison of two contacts."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.web.comparison import compare, contacts_of


def contact(**members: Any) -> dict[str, Any]:
    company = {"name": "Acme", "domain": "acme.example"}
    return {"id": "a", "full_name": "Ann Archer", "added_at": "2026-03-01T00:00:00.000Z", "company": company, **members}


def rows(one: dict[str, Any], other: dict[str, Any]) -> dict[str, str]:
    return {row.label: row.agreement for row in compare(one, other)}


def test_compare_marks_fields_that_differ() -> None:
    one = contact(job_title="CEO", phone="1", is_decision_maker=True)
    other = contact(full_name="A. Archer", job_title="CEO", is_decision_maker=None)
    assert rows(one, other) == {
        "Name": "different", "Job title": "same", "Decision maker": "one", "Company": "same", "Company domain": "same",
        "Phone": "one",
    }  # fmt: skip


def test_compare_without_a_company_has_no_company_rows() -> None:
    assert "Company" not in rows(contact(company=None), contact(company=None))
    assert rows(contact(company=None), contact())["Company"] == "one"


@pytest.mark.parametrize(
    ("name", "values"),
    [("emails", [{"value": "a@x.example", "type": "personal"}, {"value": "b@x.example", "type": "personal"}]),
     ("locations", [{"city": "Berlin", "region": None, "country": "Germany"}, {"country": "France"}])],
)  # fmt: skip
def test_compare_ignores_the_order_of_a_list(name: str, values: list[Any]) -> None:
    one, other = contact(**{name: values}), contact(**{name: values[::-1]})
    assert set(rows(one, other).values()) == {"same"}
    assert "different" in rows(one, contact(**{name: values[:1]})).values()


def test_contacts_of_a_pair_have_names_and_ids() -> None:
    nameless = contact(id="b", full_name=None)
    one, other = contacts_of({"contacts": [contact(), nameless]})
    assert (one.id, one.name, other.id, other.name) == ("a", "Ann Archer", "b", "b")
