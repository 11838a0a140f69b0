"""Columns of import files: names and readers."""

from __future__ import annotations

from letrics.ingest.columns import COLUMNS, CONTACTS_ONLY
from tests.ingest.test_bands import READERS as BAND_READERS
from tests.ingest.test_emails import READERS as EMAIL_READERS
from tests.ingest.test_number_values import COLUMN_READERS as NUMBER_READERS
from tests.ingest.test_place_values import COLUMN_READERS as PLACE_READERS
from tests.ingest.test_urls import READERS as URL_READERS
from tests.ingest.test_values import COLUMN_READERS


def test_every_reader_of_a_column_is_a_tested_one() -> None:
    named = {column.read for columns in COLUMNS.values() for column in columns.values()}
    tested = COLUMN_READERS | NUMBER_READERS | PLACE_READERS | URL_READERS | BAND_READERS | EMAIL_READERS
    assert named <= set(tested.values())


def test_contacts_only_are_columns_that_companies_lack() -> None:
    assert (
        COLUMNS["contacts"].keys()
        - {"id"}
        - COLUMNS["companies"].keys()
        - {name for name in COLUMNS["contacts"] if name.startswith("company_")}
        == CONTACTS_ONLY
    )
    assert "first_name" in CONTACTS_ONLY and "email" not in CONTACTS_ONLY
