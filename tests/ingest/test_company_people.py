"""Companies with lists of their people: which files have them, and the rows that they become."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from letrics.ingest.company_people import CompanyPeople, may_have_people
from letrics.ingest.rows import DamagedFile, FileRow

ANN = {"name": "Ann Abel", "title": "CTO", "emails": [{"email": "ann@acme.example"}]}
BOB = {"first_name": "Bob", "last_name": "Berg"}
ACME = {"name": "Acme GmbH", "url": "https://acme.example", "employees": 7}
ACME_FACTS = {"company.name": "Acme GmbH", "company.url": "https://acme.example"}
OF_ACME = {**ACME_FACTS, "company.employees": 7}


def rows_of(*records: Any, path: str = "leads.json") -> list[Any]:
    """The rows of a file, decoded where they are JSON."""
    rows = [FileRow(line, json.dumps(one).encode(), None) for line, one in enumerate(records, 1)]
    return [json.loads(row.raw) for row in CompanyPeople(iter(rows), "x", path) if type(row.raw) is bytes]


@pytest.mark.parametrize("name", ["contacts", "people", "decision_makers", "Employees"])
def test_people_of_companies_are_rows_with_the_name_and_site(name: str) -> None:
    bolt = {"name": "Bolt Ltd", "url": "https://bolt.example"}
    assert rows_of({**ACME, name: [ANN, BOB]}, {**bolt, name: []}, bolt) == [
        OF_ACME,
        ACME_FACTS | ANN,
        ACME_FACTS | BOB,
        *[{"company.name": "Bolt Ltd", "company.url": "https://bolt.example"}] * 2,
    ]


def test_lists_are_named() -> None:
    raw = json.dumps({**ACME, "contacts": [ANN], "executives": [BOB]}).encode()
    people = CompanyPeople(iter([FileRow(1, raw, None)]), "x.json", "x.json")
    assert [row.line for row in people] == [1, 1, 1]
    assert people.notes == ["x.json: the people in 'contacts' and 'executives' of the companies are rows, too"]


def test_a_person_of_another_company_does_not_get_the_facts() -> None:
    other = {**BOB, "company": "Bolt Ltd"}
    assert rows_of({**ACME, "contacts": [ANN, other]})[1:] == [ACME_FACTS | ANN, other]


def test_what_is_no_person_is_not_lost() -> None:
    assert rows_of({**ACME, "contacts": [ANN, {"id": 7}, "c8", None]}, {**ACME, "contacts": "c9"}) == [
        {**OF_ACME, "company.contacts": ["c8", None]},
        ACME_FACTS | ANN,
        ACME_FACTS | {"id": 7},
        {**OF_ACME, "company.contacts": "c9"},
    ]


@pytest.mark.parametrize(
    "record",
    [
        {**ANN, "contacts": [BOB]},
        {**ACME, "contacts": [{"id": 1}, {"id": 2}]},
        {**ACME, "contacts": ["Ann Abel"]},
        {**ACME, "users": [ANN]},
        {"amount": 5, "stage": "won", "contacts": [ANN]},
        ACME,
    ],
)
def test_other_rows_stay_as_they_are(record: Any) -> None:
    assert rows_of(record) == [record]


@pytest.mark.parametrize(
    "raw", [b'{"name": ', b'{"name": "A", "name": "B", "contacts": []}', b'{"contacts": [{"name": "A", "name": "B"}]}']
)
def test_rows_that_cannot_be_read_stay_as_they_are(raw: bytes) -> None:
    rows = [FileRow(1, json.dumps({**ACME, "contacts": [ANN]}).encode(), None), FileRow(2, raw, None)]
    assert [row.raw for row in CompanyPeople(iter(rows), "x", "x.json")][2:] == [raw]


@pytest.mark.parametrize("record", [{**ACME, "contacts": [ANN]}, ACME])
def test_damage_is_reported_after_the_rows_before_it(record: Any) -> None:
    def rows() -> Iterator[FileRow]:
        yield FileRow(1, json.dumps(record).encode(), None)
        raise DamagedFile("damaged")

    read: list[FileRow] = []
    with pytest.raises(DamagedFile, match="damaged"):
        read.extend(CompanyPeople(rows(), "x", "x.json"))
    assert len(read) == (2 if "contacts" in record else 1)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b'{"name": "Acme", "contacts": [', True),
        (b'[{"Employees" :\n []}', True),
        (b'{"contacts": 5}', False),
        (b'{"name": "contacts"}', False),
        (b"", False),
    ],
)
def test_files_without_such_a_list_are_not_read_ahead(head: bytes, expected: bool) -> None:
    assert may_have_people(head) is expected
