"""A column of a file and the record field that it sets."""

from __future__ import annotations

import msgspec

from letrics.ingest.mapped_column import MappedColumn


def test_mapped_column_is_sent_without_its_defaults() -> None:
    column = MappedColumn("Name", "full_name", "alias", 2)
    sent = msgspec.json.encode(column)
    assert msgspec.json.decode(sent) == {"name": "Name", "field": "full_name", "reason": "alias", "rank": 2}
    assert msgspec.json.decode(sent, type=MappedColumn) == column
