"""Parts of files in memory, for tests."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from letrics.ingest.conversion import converter_for
from letrics.ingest.delimited import DelimitedReader
from letrics.ingest.jsonl import json_lines
from letrics.ingest.mapping import mapper
from letrics.ingest.parts import ROWS, Part, read_parts
from letrics.records import Kind


def parts(kind: Kind, data: bytes, csv: bool) -> Iterator[Part[Any]]:
    rows = iter(DelimitedReader(io.BytesIO(data), "f.csv")) if csv else json_lines(io.BytesIO(data))
    return read_parts(rows, converter_for(mapper(kind, csv)), ROWS, int)
