"""Objects such as `user` that are the only person of a file."""

from __future__ import annotations

from typing import Any, cast

import pytest

from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.contact_mapper import ContactMapper
from letrics.ingest.kinds import find_kind
from letrics.ingest.lone_people import names_of_lone_person
from letrics.ingest.nested_objects import flatten
from letrics.ingest.rows import Members

_ACME = {"name": "Acme", "domain": "acme.example"}


@pytest.mark.parametrize("name", ["user", "member", "person", "contact", "lead", "profile", "candidate", "employee",
                                  "applicant", "attendee", "data.user"])  # fmt: skip
@pytest.mark.parametrize(
    "person",
    [
        {"first_name": "Ann", "last_name": "Abel", "company": "Acme"},
        {"firstName": "Ann", "lastName": "Abel", "organization": _ACME},
        {"name": "Ann Abel", "email": "ann@acme.example", "company": _ACME},
        {"full_name": "Ann Abel", "email": "ann@acme.example"},
    ],
)
def test_object_of_the_only_person_is_the_contact(name: str, person: dict[str, Any]) -> None:
    outer, _, inner = name.rpartition(".")
    row: Members = flatten({"id": 1, outer: {inner: person}} if outer else {"id": 1, name: person})
    assert find_kind("data.json", row, [row]) == "contacts"
    mapping = make_mapping("contacts", list(row), [row])
    mapper = ContactMapper()
    mapper.use(mapping)
    patch = mapper.read(row)
    name = patch.full_name or f"{patch.first_name} {patch.last_name}"
    company = cast("Any", patch.company)
    assert name == "Ann Abel" and (company == "acme.example" or company.name == "Acme")


@pytest.mark.parametrize(
    "names",
    [
        ["id", "user.name", "name"], ["id", "user.name", "company"], ["user.name", "domain"], ["user.role", "id"],
        ["user.name", "member.name"], ["contact.name", "user.name"], ["email", "user.email"], ["user", "users"],
    ],
)  # fmt: skip
def test_object_next_to_an_identity_is_not_the_person(names: list[str]) -> None:
    assert names_of_lone_person(names) == {}


def test_given_field_of_a_lone_person_wins() -> None:
    row = {"user.name": "Ann Abel", "user.email": "ann@acme.example"}
    mapping = make_mapping("contacts", list(row), [row], {"user.name": "last_name"})
    assert [(column.name, column.field) for column in mapping.columns] == [
        ("user.name", "last_name"), ("user.email", "emails"),
    ]  # fmt: skip
