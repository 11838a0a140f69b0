"""Ids of other systems in columns of names."""

from __future__ import annotations

import pytest

from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.foreign_ids import are_foreign_ids

IDS = (
    "recAbCdEfGhIjKlMn", '["recAbCdEfGhIjKlMn"]', "recAbCdEfGhIjKlMn,recZbCdEfGhIjKlM0",
    '["rec0123456789abcd", "recAAAAAAAAAAAAAA"]', "0015g00000AbCdEAAZ", "0015g00000AbCdE",
    "99A03FF3-0435-47da-95cc-76b2caeb4dab", "5f0c6f4e-1b1a-4b7e-8a53-6f3a0c1d2e3f", "507f1f77bcf86cd799439011",
    "8217492011",
)  # fmt: skip
NAMES = (
    "Acme", "recommendations ab", "reconstructionists", "recruitmentagency", "Rec Room", "360", "1366", "3M",
    "Acme 12345678", "", '[""]', "7-Eleven",
)  # fmt: skip


@pytest.mark.parametrize("text", IDS)
def test_id_of_another_system_is_recognised(text: str) -> None:
    assert are_foreign_ids([text])
    assert not are_foreign_ids([text, "Acme"])


@pytest.mark.parametrize("text", NAMES)
def test_name_is_no_id_of_another_system(text: str) -> None:
    assert not are_foreign_ids([text])


@pytest.mark.parametrize("header", ["Company", "Account", "Company Name"])
@pytest.mark.parametrize("value", ["recAbCdEfGhIjKlMn", ["recAbCdEfGhIjKlMn"], "8217492011"])
def test_column_of_linked_records_names_no_company(header: str, value: object) -> None:
    rows = [{"Name": "Ann Abel", "Email": "ann@acme.example", header: value}]
    mapping = make_mapping("contacts", ["Name", "Email", header], rows)
    assert [column.field for column in mapping.columns] == ["full_name", "emails", None]


def test_column_that_the_user_maps_keeps_its_field() -> None:
    mapping = make_mapping("companies", ["Company"], [{"Company": "8217492011"}], {"Company": "name"})
    assert mapping.columns[0].field == "name"


def test_number_is_no_id_of_another_system_without_numbers() -> None:
    assert not are_foreign_ids(["8217492011"], with_numbers=False)
    assert are_foreign_ids(["recAbCdEfGhIjKlMn"], with_numbers=False)


def test_columns_of_ids_and_of_numbers_are_distinguished() -> None:
    rows = [
        {
            "Email": "ann@acme.example",
            "Phone": "4930123456",
            "Industry": "recAbCdEfGhIjKlMn",
            "City": "recZbCdEfGhIjKlM0",
        }
    ]
    mapping = make_mapping("contacts", list(rows[0]), rows)
    assert [column.field for column in mapping.columns] == ["emails", "phone", None, None]
