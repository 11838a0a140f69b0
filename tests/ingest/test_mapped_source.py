"""The mapper of a source reads the columns as their mapping says."""

from __future__ import annotations

import io

from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.input_file import InputFile
from letrics.ingest.mapped_source import map_source
from letrics.ingest.source import Source, read_source

_TABLE = b"Homepage,Notes,Firma\nacme.example,x,Acme\n"


def opened() -> Source:
    return read_source(InputFile.open("-", io.BytesIO(_TABLE)))


def test_mapping_leaves_out_the_cells_of_other_columns() -> None:
    source = opened()
    mapping = make_mapping("companies", source.columns or (), (), {"Notes": None, "Firma": "name"})
    rows_of = map_source(source, "companies", mapping, None)
    (row,) = source.rows
    assert row.members == {"Homepage": "acme.example", "Firma": "Acme"}
    patch = rows_of.read(row.members)
    assert (patch.domain, patch.name) == ("acme.example", "Acme")
    assert list(rows_of.ignored) == ["Notes"]


def test_columns_without_a_mapping_are_recognised_by_their_names() -> None:
    source = opened()
    rows_of = map_source(source, "companies", None, None)
    assert list(rows_of.ignored) == ["Notes"]
    (row,) = source.rows
    assert row.members == {"Homepage": "acme.example", "Notes": "x", "Firma": "Acme"}
