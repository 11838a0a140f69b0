"""The format of a file by its name, and names without a format or with a contradicting one."""

from __future__ import annotations

import pytest

from letrics.export.files import choose_format
from letrics.export.writers import ExportFormat


@pytest.mark.parametrize(
    ("name", "given", "format"),
    [
        ("x.jsonl", None, "jsonl"), ("x.NDJSON", None, "jsonl"), ("x.csv.gz", None, "csv"),
        ("x.parquet", "parquet", "parquet"), ("x.txt", "csv", "csv"), ("x", None, "jsonl"), ("-", None, "jsonl"),
        ("x.xlsx", None, "xlsx"), ("x.gz", "csv", "csv"), ("/dev/stdout", None, "jsonl"),
    ],
)  # fmt: skip
def test_choose_format_known_name_gives_its_format(name: str, given: ExportFormat | None, format: str) -> None:
    assert choose_format(name, given) == format


@pytest.mark.parametrize("name", ["x.ods", "x.xls", "x.json", "x.csv.zip", "x.xls.gz", "list.2026"])
def test_choose_format_unknown_suffix_names_those_known(name: str) -> None:
    with pytest.raises(ValueError, match=r"are not supported: use the suffix \.jsonl, \.ndjson, \.csv, \.parquet"):
        choose_format(name, None)


@pytest.mark.parametrize(("name", "given"), [("x.csv", "jsonl"), ("x.jsonl.gz", "parquet"), ("x.parquet", "csv")])
def test_choose_format_against_the_name_is_refused(name: str, given: ExportFormat) -> None:
    with pytest.raises(ValueError, match=f"--format is {given}: omit --format, or use the suffix .{given}"):
        choose_format(name, given)
