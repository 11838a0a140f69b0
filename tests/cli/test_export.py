"""What is exported is imported again without a change, in every format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from letrics.records import Kind
from letrics.store.base import Counts, Position
from letrics.store.connection import open_sqlite
from tests.cli.conftest import Run
from tests.wrapped_store import WrappedStore


@pytest.mark.parametrize("kind", ["companies", "contacts"])
@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet", "xlsx", "jsonl.gz", "csv.zst", "xlsx.gz"])
def test_export_then_import_changes_nothing(loaded: Run, tmp_path: Path, kind: str, ending: str) -> None:
    path = tmp_path / f"{kind}_out.{ending}"
    assert f"4 {kind} written" in loaded("export", kind, "-o", path).stdout
    before = loaded("export", kind).stdout
    report = json.loads(loaded("import", path, "--json").stdout)
    changed = ("new", "changed", "companies_new", "companies_changed", "conflicts", "rejected")
    assert {name: report[name] for name in changed} == dict.fromkeys(changed, 0)
    assert report["unchanged"] == 4
    assert loaded("export", kind).stdout == before


def test_an_export_fills_another_home_with_the_same(loaded: Run, tmp_path: Path) -> None:
    for ending in ("jsonl", "csv", "parquet", "xlsx"):
        other = tmp_path / ending
        for kind in ("companies", "contacts"):
            path = tmp_path / f"{kind}_copy.{ending}"
            loaded("export", kind, "-o", path)
            loaded("import", path, "--home", other)
        for kind in ("companies", "contacts"):
            assert _plain(loaded("export", kind, "--home", other).stdout) == _plain(loaded("export", kind).stdout)


def _plain(lines: str) -> list[object]:
    return [json.loads(line) for line in lines.splitlines()]


def test_csv_is_safe_in_a_spreadsheet(loaded: Run) -> None:
    for kind in ("companies", "contacts"):
        rows = list(csv.reader(loaded("export", kind, "--format", "csv").stdout.splitlines()))
        assert len(rows) == 5
        cells = [cell for row in rows[1:] for cell in row]
        assert not [
            cell
            for cell in cells
            if cell.lstrip("\u200b")[:1] in ("=", "@", "-", "＝", "＠", "－", "＋") or cell.startswith("+H")
        ]
    assert "+49 30 1234" in cells


def test_a_filter_chooses(loaded: Run) -> None:
    out = loaded("export", "companies", "--filter", '{"industries": ["consulting"]}').stdout
    assert [json.loads(line)["domain"] for line in out.splitlines()] == ["acme.example", "bolt.example"]
    out = loaded("export", "contacts", "--filter", '{"job_titles": ["cto"]}').stdout
    assert [json.loads(line)["full_name"] for line in out.splitlines()] == ["Иван Петров"]


@pytest.mark.parametrize(
    ("filter_", "says"),
    [('{"industrys": ["x"]}', "did you mean industries"), ("{", "JSON"), ('{"page": 2}', "page")],
)
def test_a_wrong_filter_is_wrong_usage_and_leaves_no_file(loaded: Run, tmp_path: Path, filter_: str, says: str) -> None:
    path = tmp_path / "out.jsonl"
    assert says in loaded("export", "companies", "--filter", filter_, "-o", path, code=2).stderr
    assert not path.exists()


class BrokenStore(WrappedStore):
    """Fails at the first read of documents."""

    def documents(self, kind: Kind, nums: Sequence[int], known_at: Position | None = None) -> list[bytes | None]:
        raise OSError(28, "No space left on device", "out.jsonl")


def test_an_export_that_fails_leaves_the_old_file(loaded: Run, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("old")
    assert "No space left" in loaded("export", "companies", "-o", path, code=3, store=BrokenStore).stderr
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir() if "part" in file.name] == []


class LargeStore(WrappedStore):
    """Counts more contacts than an Excel sheet has rows."""

    def counts(self) -> Counts:
        return replace(self.store.counts(), contacts=1_048_576)


def test_workbook_of_too_many_records_is_refused_before_it_is_written(loaded: Run, tmp_path: Path) -> None:
    said = loaded("export", "contacts", "-o", tmp_path / "x.xlsx", code=2, store=LargeStore).stderr
    assert "at most 1,048,575 records, and these are 1,048,576: narrow the filter, or export CSV" in said
    assert not [file for file in tmp_path.iterdir() if "xlsx" in file.name]


def test_workbook_is_written_to_standard_output(loaded: Run) -> None:
    done = loaded("export", "contacts", "--format", "xlsx", "--job-titles", "CTO", "--fields", "full_name")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(done.stdout_bytes)).get_sheet_by_name("contacts")
    assert sheet.to_python() == [["full_name"], ["Иван Петров"]]


@pytest.mark.parametrize(("format", "package"), [("xlsx", "XlsxWriter"), ("parquet", "pyarrow")])
def test_format_without_its_package_says_what_to_install(
    loaded: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str, package: str
) -> None:
    monkeypatch.setattr("letrics.export.writers.find_spec", lambda name: None)
    said = loaded("export", "contacts", "-o", tmp_path / f"x.{format}", code=2).stderr
    assert f"requires {package}: pip install letrics[{format}]" in said
    assert not [file for file in tmp_path.iterdir() if format in file.name]


def test_wrong_outputs(loaded: Run, tmp_path: Path) -> None:
    assert "existing directory" in loaded("export", "companies", "-o", tmp_path / "no" / "x.csv", code=2).stderr
    assert "existing directory" in loaded("export", "companies", "-o", tmp_path, code=2).stderr


@pytest.mark.parametrize("args", [("-o", "list.xls"), ("-o", "list.csv", "--format", "jsonl")])
def test_export_name_for_another_format_writes_nothing(
    loaded: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    said = loaded("export", "contacts", *args, code=2).stderr
    assert f"letrics: -o {args[1]}: " in said and ".csv" in said
    assert not (tmp_path / args[1]).exists()


def test_unreadable_records_are_counted_and_named(loaded: Run, home: Path, tmp_path: Path) -> None:
    connection = open_sqlite(home / "letrics.db")
    connection.execute("UPDATE contact SET document = CAST(substr(document, 1, 30) AS BLOB) WHERE num = 0")
    connection.execute("UPDATE contact SET document = x'ff' WHERE num = 1")
    connection.close()
    path = tmp_path / "out.jsonl"
    done = loaded("export", "contacts", "-o", path, code=1)
    assert "2 contacts written to" in done.stdout and len(path.read_text().splitlines()) == 2
    said = "2 contacts left out, because they cannot be read: num 0 (id 'c1'), num 1: run `letrics check`"
    assert said in done.stderr
    facts = json.loads(loaded("export", "contacts", "-o", path, "--json", code=1).stdout)
    assert (facts["records"], facts["left_out"]) == (2, 2)


def test_one_unreadable_record_is_named(loaded: Run, home: Path, tmp_path: Path) -> None:
    connection = open_sqlite(home / "letrics.db")
    connection.execute("UPDATE contact SET document = x'ff' WHERE num = 1")
    connection.close()
    said = loaded("export", "contacts", "-o", tmp_path / "out.jsonl", code=1).stderr
    assert "1 contact left out, because it cannot be read: num 1: run `letrics check`" in said


def test_at_most_three_unreadable_records_are_named(loaded: Run, home: Path) -> None:
    connection = open_sqlite(home / "letrics.db")
    connection.execute("UPDATE contact SET document = x'ff'")
    connection.close()
    done = loaded("export", "contacts", code=1)
    assert done.stdout == "" and "4 contacts left out" in done.stderr and "num 0, num 1, num 2, …:" in done.stderr
