"""`letrics import`: reports, rejects, kinds, exit codes."""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest

from letrics.identity.encoded_patches import EncodedContact, KnownContact
from letrics.identity.patches import ContactPatch, Tally
from letrics.store.name_changes import Judge
from tests.cli.conftest import Lines, Run
from tests.ingest.apart import needs_second_core
from tests.wrapped_store import WrappedStore


def counts(run: Run) -> tuple[int, int]:
    facts = json.loads(run("status", "--json").stdout)
    return facts["companies"], facts["contacts"]


def test_a_file_imported_twice_changes_nothing_the_second_time(run: Run, lines: Lines) -> None:
    path = lines("companies.jsonl", [{"domain": "acme.example", "name": "Acme"}, {"domain": "bolt.example"}])
    first = json.loads(run("--json", "import", path).stdout)
    assert (first["new"], first["changed"], first["unchanged"], first["complete"]) == (2, 0, 0, True)
    again = json.loads(run("import", path, "--json").stdout)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 2)
    assert "nothing changed" in run("import", path).stdout
    assert counts(run) == (2, 0)


class WatchedStore(WrappedStore):
    """Remembers the types of the contacts that are written."""

    written: ClassVar[list[type]] = []

    def put_contacts(
        self,
        patches: Sequence[ContactPatch | EncodedContact | KnownContact],
        of_import: int | None = None,
        judge: Judge | None = None,
    ) -> Tally:
        self.written.extend(map(type, patches))
        return self.store.put_contacts(patches, of_import, judge)


@pytest.fixture
def inherited() -> Iterator[list[int]]:
    """The number of descriptors of the store's files that each process which this one starts inherits."""
    counted: list[int] = []
    watching = True

    def count(event: str, _: object) -> None:
        if watching and event == "subprocess.Popen":
            handles = [int(link.name) for link in Path("/proc/self/fd").iterdir() if "letrics.db" in _target(link)]
            counted.append(sum(map(os.get_inheritable, handles)))

    sys.addaudithook(count)
    yield counted
    watching = False  # a hook cannot be removed


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except FileNotFoundError:  # the descriptor with which the directory was listed
        return ""


@needs_second_core
def test_import_twice_recognises_rows_in_another_process(
    run: Run, lines: Lines, monkeypatch: pytest.MonkeyPatch, inherited: list[int]
) -> None:
    """Each file is read by a separate process, which has no descriptor of the store's files."""
    monkeypatch.setenv("LETRICS_BATCH_SIZE", "3000")
    written = WatchedStore.written
    written.clear()
    files = [
        lines(
            f"{name}.jsonl",
            [{"id": f"{name}{n}", "company_domain": "a.example", "fax": "1" * 400} for n in range(6_000)],
        )
        for name in ("one", "two")
    ]
    first = json.loads(run("import", *files, "--kind", "contacts", "--json", store=WatchedStore).stdout)
    assert (first["new"], first["unchanged"], KnownContact in written) == (12_000, 0, False)
    again = json.loads(run("import", *files, "--kind", "contacts", "--json", store=WatchedStore).stdout)
    assert (again["new"], again["changed"], again["unchanged"], again["conflicts"]) == (0, 0, 12_000, 0)
    assert again["ignored_columns"] == ["fax"]
    dry = json.loads(run("import", *files, "--kind", "contacts", "--json", "--dry-run").stdout)
    assert (dry["rows"], dry["unchanged"]) == (12_000, 0)
    assert written.count(KnownContact) >= 2_000
    assert inherited == [0] * 6


def test_import_of_short_files_starts_no_process(run: Run, lines: Lines, inherited: list[int]) -> None:
    run("import", lines("companies.jsonl", [{"domain": "a.example"}]), "-", input=b"domain\nb.example\n")
    assert inherited == []


def test_contacts_create_the_companies_they_name(run: Run, lines: Lines) -> None:
    rows: list[dict[str, Any]] = [
        {"full_name": "Jane Doe", "company_domain": "acme.example"},
        {"id": 7, "company": {"domain": "b.example"}},
    ]
    report = json.loads(run("import", lines("x.jsonl", rows), "--json").stdout)
    assert (report["new"], report["companies_new"]) == (2, 2)
    assert counts(run) == (2, 2)


def test_rejected_rows_are_shown_written_and_counted(run: Run, lines: Lines, tmp_path: Path) -> None:
    rows = [{"domain": "acme.example", "fax": 1}] + [{"domain": f"bad{n}", "fax": "B"} for n in range(7)]
    out = tmp_path / "rejects.jsonl"
    result = run("import", lines("companies.jsonl", rows), "--rejects", out, code=1)
    assert result.stderr.count("is a single word") == 5
    assert "and 2 more rejected rows" in result.stderr
    assert "7 rejected" in result.stdout
    assert "columns ignored: fax" in result.stdout
    written = [json.loads(line) for line in out.read_text().splitlines()]
    assert [reject["line"] for reject in written] == list(range(2, 9))
    assert json.loads(written[0]["raw"]) == {"domain": "bad0", "fax": "B"}
    assert counts(run) == (1, 0)


def test_so_many_rejects_stop_it(run: Run, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LETRICS_BATCH_SIZE", "2")
    good = [{"domain": f"company{n}.example"} for n in range(6)]
    rows = [*good[:3], {"domain": "bad"}, *good[3:5], {"domain": "bad"}, *good[5:]]
    result = run("import", lines("companies.jsonl", rows), "--max-errors", 2, code=1)
    assert "stopped after 2 rejected rows" in result.stderr
    assert "stopped: 4 rows stored" in result.stdout
    assert counts(run) == (4, 0)


def test_a_source_goes_before_the_ids(run: Run, lines: Lines) -> None:
    path = lines("contacts.jsonl", [{"id": "7", "company_domain": "acme.example"}])
    run("import", path, "--source", "crm")
    assert json.loads(run("search", "contacts", "--json").stdout)["data"][0]["id"] == "crm:7"


def test_a_dry_run_keeps_nothing(run: Run, lines: Lines, home: Path) -> None:
    path = lines("companies.jsonl", [{"domain": "acme.example"}, {"domain": "bad"}])
    result = run("import", path, "--dry-run", code=1)
    assert "1 valid; nothing was stored" in result.stdout
    assert not home.exists()
    run("import", path, code=1)
    run("import", lines("more_companies.jsonl", [{"domain": "more.example"}]), "--dry-run")
    assert counts(run) == (1, 0)


def test_standard_input_and_several_files(run: Run, lines: Lines, tmp_path: Path) -> None:
    packed = tmp_path / "companies.csv.gz"
    packed.write_bytes(gzip.compress(b"domain;name\nb.example;B\n"))
    result = run("import", packed, lines("x.jsonl", [{"domain": "c.example"}]), "-", input=b"domain\na.example\n")
    assert "the columns are separated by semicolons" in result.stderr
    assert counts(run) == (3, 0)


def test_empty_files_are_no_mistake(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "whatever.csv"
    path.write_bytes(b"")
    assert "0 rows read" in run("import", path).stdout


def test_unknown_columns_are_named_even_when_empty(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text("id,domain,Fax No\n7,acme.example,\n")
    assert "columns ignored: id, Fax No" in run("import", path).stdout


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("x.jsonl", b'{"name":"Acme"}', "--kind companies or --kind contacts"),
        ("companies.csv", b"acme.example,Acme\nb.example,B\n", "the first line must name the columns"),
        ("companies.csv", b'"domain\n', "not closed"),
        (
            "companies.csv",
            "domain,name\na.example,Müller\n".encode("cp1252"),
            "“a.example,Müller”: pass --encoding cp1252",
        ),
    ],
)
def test_unusable_files_are_wrong_usage_before_anything_is_kept(
    run: Run, lines: Lines, tmp_path: Path, home: Path, name: str, data: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(data)
    result = run("import", lines("companies2.jsonl", [{"domain": "a.example"}]), tmp_path / name, code=2)
    assert says in result.stderr
    assert not home.exists()


def test_wrong_usage(run: Run, lines: Lines, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lines("companies.jsonl", [{"domain": "a.example"}])
    assert "no such file" in run("import", tmp_path / "missing.csv", code=2).stderr
    assert "is a directory" in run("import", tmp_path, code=2).stderr
    assert "listed twice" in run("import", path, path, code=2).stderr
    assert "is one of the files" in run("import", path, "--rejects", path, code=2).stderr
    missing = run("import", path, "--rejects", "nowhere/rejects.jsonl", code=2).stderr
    assert "--rejects nowhere/rejects.jsonl: pass a file in an existing directory" in missing
    assert "--source" in run("import", path, "--source", "a:b", code=2).stderr
    assert "--max-errors" in run("import", path, "--max-errors", 0, code=2).stderr
    monkeypatch.setenv("LETRICS_BATCH_SIZE", "none")
    assert "batch_size" in run("import", path, code=2).stderr
    monkeypatch.delenv("LETRICS_BATCH_SIZE")
    monkeypatch.setenv("LETRICS_COLOUR", "red")
    assert "there is no setting colour" in run("import", path, code=2).stderr
    assert path.read_bytes() == b'{"domain": "a.example"}\n'
    assert not home.exists()


def test_a_damaged_file_keeps_what_came_before_and_is_1(run: Run, tmp_path: Path) -> None:
    data = b"".join(b'{"domain":"company%d.example"}\n' % (n * n) for n in range(50_000))
    path = tmp_path / "companies.jsonl.gz"
    path.write_bytes(gzip.compress(data)[:-50_000])
    result = run("import", path, code=1)
    assert "truncated or damaged after line" in result.stderr


def test_a_database_that_is_none_is_3(run: Run, lines: Lines, home: Path) -> None:
    home.mkdir()
    (home / "letrics.db").write_bytes(b"this is no database" * 1000)
    result = run("import", lines("companies.jsonl", [{"domain": "a.example"}]), code=3)
    assert "letrics.db" in result.stderr
    assert result.stdout == ""


def test_commands_without_data_say_what_to_do(run: Run) -> None:
    for command in (["status"], ["check"], ["search", "contacts"], ["export", "contacts"], ["delete", "contacts", "x"]):
        assert "import a file first" in run(*command, code=2).stderr


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("companies.csv", b"", "has no rows"),
        ("companies.csv", b"domain,name\n", "has a header and no rows"),
        ("companies.csv", b"\xef\xbb\xbfdomain,name\r\n\r\n", "has a header and no rows"),
        ("companies.jsonl", b"\n\n", "has no rows"),
        ("companies.csv.gz", gzip.compress(b"domain\n", mtime=0), "has a header and no rows"),
    ],
    ids=["empty", "header", "header and blank lines", "blank lines", "compressed"],
)
def test_import_file_without_rows_warns(run: Run, tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    warning = f"warning: {path} {says}"
    result = run("import", path)
    assert f"{warning}\n" in result.stderr and "0 rows read" in result.stdout
    report = json.loads(run("import", path, "--json").stdout)
    assert report["notes"] == [warning] and report["rows"] == 0
    (tmp_path / "full_companies.csv").write_text("domain\nacme.example\n")
    both = run("import", tmp_path / "full_companies.csv", path)
    assert warning in both.stderr and "1 row read" in both.stdout


def test_import_of_hostile_rows_rejects_them_alone(run: Run, tmp_path: Path, lines: Lines) -> None:
    """Each of these once ended an import, or kept it from ending."""
    rows: list[dict[str, Any]] = [
        {"domain": "good.example", "name": "Good"},
        {"domain": "parts.example", "locations": [", ".join(["a"] * 150)]},
        {"domain": "many.example", "locations": [", ".join(["a"] * 967)]},
        {"domain": "spaces.example", "emails": ["<" + " " * 6_400 + "x"]},
        {"domain": "marks.example", "name": "a" + "\u0301\u0323" * 50_000},
        {"domain": "list.example", "industries": [f"Industry {number}" for number in range(2_000)]},
        {"domain": "last.example", **{f"column {number}": 1 for number in range(2_000)}},
    ]
    rejects = tmp_path / "rejects.jsonl"
    result = run("import", lines("companies.jsonl", rows), "--rejects", rejects, "--strict", code=1)
    refused = [json.loads(line) for line in rejects.read_text("utf-8").splitlines()]
    assert [(reject["line"], reject["field"]) for reject in refused] == [
        (3, "locations"), (4, "emails"), (5, "name"), (6, "industries"),
    ]  # fmt: skip
    assert all(len(reject["reason"]) < 300 and len(reject["raw"]) <= 4_096 for reject in refused)
    assert "columns ignored: column 0, " in result.stdout and "more" in result.stdout
    exported = run("export", "companies").stdout
    assert [json.loads(line)["domain"] for line in exported.splitlines()] == [
        "good.example", "parts.example", "last.example",
    ]  # fmt: skip


def test_max_errors_below_one_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    said = run("import", tmp_path / "x.csv", "--max-errors", 0, code=2).stderr
    assert "letrics: --max-errors must be at least 1: got 0" in said


def test_import_with_unreadable_cells_keeps_the_rows(run: Run, lines: Lines, tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"domain": f"a{n}.example", "employees": "many"} for n in range(5)]
    path = lines("companies.jsonl", [*rows, {"domain": "b.example", "founded_year": "old"}])
    rejects = tmp_path / "rejects.jsonl"
    report = json.loads(run("import", path, "--rejects", rejects, "--json").stdout)
    assert (report["new"], report["rejected"], report["warned"]) == (6, 0, 6)
    assert {name: column["count"] for name, column in report["warnings"].items()} == {"employees": 5, "founded_year": 1}
    assert [example["line"] for example in report["warnings"]["employees"]["examples"]] == [1, 2, 3]
    written = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert [(reject["kind"], reject["line"]) for reject in written] == [("warning", line) for line in range(1, 7)]
    assert json.loads(written[0]["raw"]) == rows[0]
    text = run("import", path).stdout
    assert "6 cells could not be read and were left out:" in text
    assert "employees: 5" in text and '"many" must be a whole number' in text
    assert "6 rejected" in run("import", path, "--strict", code=1).stdout


@needs_second_core
def test_import_in_another_process_warns_each_time(run: Run, lines: Lines) -> None:
    rows = [
        {"id": f"{n}", "company_domain": "a.example", "fax": "1" * 400, "is_decision_maker": "perhaps" if n == 7 else 1}
        for n in range(6_000)
    ]
    path = lines("contacts.jsonl", rows)
    for new in (6_000, 0):
        report = json.loads(run("import", path, "--json").stdout)
        assert (report["new"], report["changed"], report["warned"]) == (new, 0, 1)
        assert report["warnings"]["is_decision_maker"]["examples"][0]["line"] == 8
    assert json.loads(run("import", path, "--json", "--strict", code=1).stdout)["rejected"] == 1


def test_import_with_undecided_dates_asks_for_their_order(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text("domain,added_at,first_seen_at\na.example,1/5/2026,1/31/2025\nb.example,2/6/2026,3/4/2025\n")
    report = json.loads(run("import", path, "--json").stdout)
    assert (report["new"], report["warned"]) == (2, 2)
    assert "pass --date-order dmy or mdy" in report["warnings"]["added_at"]["examples"][0]["reason"]
    records = [json.loads(line) for line in run("export", "companies").stdout.splitlines()]
    assert records[1]["first_seen_at"] == "2025-03-04T00:00:00.000Z"
    other = tmp_path / "other_companies.csv"
    other.write_text("domain,added_at\nc.example,1/5/2026\n")
    report = json.loads(run("import", other, "--json", "--date-order", "dmy").stdout)
    assert (report["new"], report["warned"]) == (1, 0)
    records = [json.loads(line) for line in run("export", "companies").stdout.splitlines()]
    assert records[2]["added_at"] == "2026-05-01T00:00:00.000Z"
