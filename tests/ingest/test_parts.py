"""Parts: rows that become patches, and rejected rows."""

from __future__ import annotations

import io
from typing import Any

from letrics.ingest.conversion import rows_for
from letrics.ingest.jsonl import json_lines
from letrics.ingest.mapping import mapper
from letrics.ingest.parts import BYTES, read_parts
from letrics.ingest.rows import FileRow
from tests.ingest.parts import parts


def test_long_rows_make_small_parts() -> None:
    row = b'{"domain":"acme.example","description":"' + b"x" * 90_000 + b'"}\n'
    sizes = [part.rows for part in parts("companies", row * 200, False)]
    assert sum(sizes) == 200
    assert max(sizes) * len(row) <= BYTES + len(row)


def test_bug_in_a_mapper_rejects_its_row_alone() -> None:
    reading = rows_for(mapper("companies"))
    read = reading.read

    class Faulty:
        mapper = reading.mapper
        ahead = staticmethod(lambda rows: rows)

        @staticmethod
        def read(row: FileRow) -> Any:
            if row.line == 2:
                raise IndexError("secret")
            return read(row)

    data = b'{"domain":"a.example"}\n' * 3
    (part,) = read_parts(json_lines(io.BytesIO(data)), Faulty(), 100, int)  # type: ignore[arg-type]
    assert len(part.patches) == 2
    assert [(refused.line, refused.reason) for refused in part.refused] == [
        (2, "the program failed on this row (IndexError): report this as a bug")
    ]
