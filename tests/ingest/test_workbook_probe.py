"""The trial run of old workbooks."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from letrics.ingest.rows import UnreadableFile
from letrics.ingest.workbook_probe import probe_workbook
from tests.ingest.workbooks import OLD_WORKBOOK


def test_usual_workbook_passes_from_memory_and_from_a_file(tmp_path: Path) -> None:
    probe_workbook(io.BytesIO(OLD_WORKBOOK), "f.xls")
    path = tmp_path / "f.xls"
    path.write_bytes(OLD_WORKBOOK)
    with path.open("rb") as stream:
        probe_workbook(stream, "f.xls")
        assert stream.read() == OLD_WORKBOOK


def test_damage_is_left_to_the_reader() -> None:
    probe_workbook(io.BytesIO(OLD_WORKBOOK[:2000]), "f.xls")


def test_workbook_that_needs_too_much_memory_is_refused() -> None:
    with pytest.raises(UnreadableFile, match=r"f\.xls: has sheets too large to be opened: save the sheet as CSV"):
        probe_workbook(io.BytesIO(OLD_WORKBOOK + bytes(100 << 20)), "f.xls", 128 << 20)
