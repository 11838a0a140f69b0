"""`letrics search`, `status` and `check`."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from rich.console import Console

from letrics.cli.search import make_table

Run = Callable[..., Result]


def test_the_answer_is_what_the_api_sends(loaded: Run) -> None:
    result = loaded("search", "companies", "--filter", '{"industries":["consulting","x"]}', "--per-page", 1, "--json")
    answer = json.loads(result.stdout)
    assert list(answer) == ["data", "meta", "errors"]
    assert [record["domain"] for record in answer["data"]] == ["acme.example"]
    meta = answer["meta"]
    assert (meta["page"], meta["per_page"], meta["total"], meta["total_pages"]) == (1, 1, 2, 2)
    assert meta["filters"] == {"industries": ["consulting", "x"]}
    assert [item["value"] for item in meta["unmatched"]] == ["x"]
    rest = loaded("search", "companies", "--filter", '{"industries":["consulting","x"]}', "--json",
                  "--cursor", meta["next_cursor"])  # fmt: skip
    answer = json.loads(rest.stdout)
    assert [record["domain"] for record in answer["data"]] == ["bolt.example"]
    assert answer["meta"]["next_cursor"] is None


def test_order_and_pages(loaded: Run) -> None:
    newest = loaded("search", "companies", "--order", "newest").stdout.splitlines()
    assert [line.split("\t")[0] for line in newest] == [
        "new.example", "xn--bcher-kva.example", "bolt.example", "acme.example",
    ]  # fmt: skip
    second = loaded("search", "companies", "--page", 2, "--per-page", 3)
    assert second.stdout.split("\t")[0] == "new.example"
    assert "4 companies, page 2 of 2" in second.stderr


def test_wrong_searches_name_every_problem(loaded: Run) -> None:
    result = loaded("search", "contacts", "--filter", '{"job_title":["x"],"tlds":"com"}', "--page", 0, code=2)
    assert "did you mean job_titles?" in result.stderr
    assert "tlds must be a list" in result.stderr
    assert "page" in result.stderr


def test_status_tells_how_much_and_how_fresh(loaded: Run, home: Path) -> None:
    facts = json.loads(loaded("status", "--json").stdout)
    assert (facts["companies"], facts["contacts"], facts["home"]) == (4, 4, str(home))
    assert facts["changes"] >= 8
    assert facts["database_bytes"] > 0
    assert facts["index"]["bytes"] > 0
    assert 0 < facts["index"]["lacks"] <= 5
    text = loaded("status").stdout
    assert "contacts     4\n" in text
    assert "behind the database" in text


def test_check_finds_nothing_wrong(loaded: Run) -> None:
    assert "agree on 4 companies and 4 contacts" in loaded("check").stdout
    assert json.loads(loaded("check", "--json").stdout) == {"ok": True, "problems": []}


def test_a_damaged_saved_index_is_rebuilt_and_told(loaded: Run, home: Path) -> None:
    snapshot = home / "index" / "bitmap.snapshot"
    data = bytearray(snapshot.read_bytes())
    half = len(data) // 2
    for at in range(half, half + 64):  # what fills up to the next multiple of 64 is in no checksum
        data[at] ^= 0xFF
    snapshot.write_bytes(data)
    result = loaded("search", "companies", "--json")
    assert json.loads(result.stdout)["meta"]["total"] == 4
    assert "damaged" in result.stderr


@pytest.mark.parametrize(
    ("filter_", "says"),
    [('{"job_titles": ["cto"]}', "1 contact, page 1 of 1 ("), ('{"job_titles": ["zzz"]}', "0 contacts ("),
     ("{}", "4 contacts, page 1 of 1 (")],
)  # fmt: skip
def test_search_total_is_said_in_its_grammatical_form(loaded: Run, filter_: str, says: str) -> None:
    assert says in loaded("search", "contacts", "--filter", filter_).stderr


def test_table_of_contacts_keeps_ids_on_one_line() -> None:
    company = {"name": "A company with rather a long name", "domain": "rather-a-long-domain-name.example"}
    id = "c_lhx23nmmlg7zqege"
    emails = [{"value": "bartholomew@rather-a-long-domain-name.example"}]
    record = {"id": id, "full_name": "Bartholomew Featherstonehaugh", "job_title": "Head", "company": company,
              "emails": emails}  # fmt: skip
    out = io.StringIO()
    columns = {"id": "Id", "full_name": "Name", "job_title": "Title", "company.name": "Company", "emails": "Emails"}
    Console(file=out, width=80).print(make_table(columns, [record]))
    assert id in out.getvalue()
    assert max(map(len, out.getvalue().splitlines())) <= 80


def test_max_errors_below_one_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    said = run("import", tmp_path / "x.csv", "--max-errors", 0, code=2).stderr
    assert "letrics: --max-errors must be at least 1: got 0" in said
