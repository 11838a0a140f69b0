"""Columns of import files: names, spellings and readers."""

from __future__ import annotations

from hypothesis import given, settings

from letrics.ingest.columns import COLUMNS, column_named
from tests.hostile import texts
from tests.ingest.test_urls import READERS as URL_READERS
from tests.ingest.test_values import COLUMN_READERS


@settings(deadline=None, max_examples=200)
@given(texts())
def test_any_column_name_is_known_or_not(name: str) -> None:
    for kind in COLUMNS:
        column = column_named(kind, name)
        assert column is None or column.member


def test_every_reader_of_a_column_is_a_tested_one() -> None:
    named = {column.read for columns in COLUMNS.values() for column in columns.values()}
    assert named <= {*COLUMN_READERS.values(), *URL_READERS.values()}
