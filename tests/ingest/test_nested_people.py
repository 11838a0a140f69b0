"""Objects of a row that describe different people."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.nested_people import contradicting_people

BOB = {"name": "Bob Baker", "email": "bob@acme.example"}


@pytest.mark.parametrize(
    ("row", "others"),
    [
        ({"contact": BOB}, set()),
        ({"lead": {"first_name": "Ann", "last_name": "Abel"}, "contact": BOB}, {"contact"}),
        ({"contact": {"name": "Ann"}, "person": {"full_name": "Abel, Ann"}, "employee": BOB}, {"employee"}),
        ({"contact": {"name": "Ann"}, "person": {"email": "ann@acme.example"}}, set()),
        ({"first_name": "Ann", "contact": BOB}, {"contact"}),
        ({"first_name": "Bob", "contact": BOB}, set()),
        ({"name": "Ann", "email": "ann@acme.example", "company": "Acme", "member": BOB}, {"member"}),
        ({"name": "Ann", "job_title": "CTO", "contact": BOB}, {"contact"}),
        ({"name": "Acme", "email": "info@acme.example", "domain": "acme.example", "contact": BOB}, set()),
        ({"name": "A deal", "company": "Acme", "contact": BOB}, set()),
        ({"first_name": "Ann", "name": {"full": "Bob"}, "employee_company": {"name": "Acme"}}, set()),
        ({"first_name": "Ann", "contact": {"name": 7}, "person": {}}, set()),
        ({"user": BOB, "contact": {"name": "Ann"}}, {"user"}),
        ({"user": {"email": "bob@acme.example"}, "contact": {"email": "ann@acme.example"}}, {"user"}),
        ({"user": {"email": "bob@acme.example"}, "first_name": "Ann"}, {"user"}),
        ({"user": {"email": "bob@acme.example"}, "email": "ann@acme.example"}, {"user"}),
        ({"user": BOB, "linkedin_url": "https://www.linkedin.com/in/ann"}, {"user"}),
        ({"user": BOB, "linkedin": {"url": "https://www.linkedin.com/in/ann"}}, {"user"}),
        ({"user": BOB, "name": "Ann", "company": "Acme"}, {"user"}),
        ({"user": BOB, "name": {"full": "Ann"}}, {"user"}),
        ({"user": BOB, "url": "https://api.example/7"}, set()),
        ({"user": BOB, "linkedin_url": "", "email": None}, set()),
        ({"user": BOB, "id": "7"}, set()),
        ({"first_name": "Ann", "work": {"name": "Acme", "email": "ann@acme.example"}}, set()),
        ({"first_name": "Ann", "work": {"full_name": "Bob", "email": "bob@acme.example"}}, {"work"}),
        ({"first_name": "Ann", "office": {"name": "Berlin", "email": "berlin@acme.example"}}, set()),
        ({"first_name": "Ann", "email": {"name": "Work", "address": "ann@acme.example"}}, set()),
        ({"first_name": "Ann", "work": {"email": "ann@acme.example"}}, set()),
    ],
)
def test_contradicting_people_have_other_names(row: dict[str, Any], others: set[str]) -> None:
    assert contradicting_people("", row) == others
    assert contradicting_people("data.", row) == others


def test_contradicting_people_of_a_person_are_no_jobs() -> None:
    assert not contradicting_people("person.", {"first_name": "Ann", "employment": {"name": "Acme"}})
