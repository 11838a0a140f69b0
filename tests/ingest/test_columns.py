"""Columns of import files: names and readers."""

from __future__ import annotations

from letrics.ingest.columns import COLUMNS, CONTACTS_ONLY
from tests.ingest.test_any_value import READERS


def test_every_reader_of_a_column_is_a_tested_one() -> None:
    named = {column.read for columns in COLUMNS.values() for column in columns.values()}
    assert named <= set(READERS.values())


def test_contacts_only_are_columns_that_companies_lack() -> None:
    assert (
        COLUMNS["contacts"].keys()
        - {"id"}
        - COLUMNS["companies"].keys()
        - {name for name in COLUMNS["contacts"] if name.startswith("company_")}
        == CONTACTS_ONLY
    )
    assert "first_name" in CONTACTS_ONLY and "email" not in CONTACTS_ONLY
