"""`letrics search`, `status` and `check`."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from letrics.cli.search import make_table
from tests.cli.conftest import Run


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


def test_table_shows_contacts_without_a_company() -> None:
    out = io.StringIO()
    Console(file=out, width=80).print(
        make_table({"id": "Id", "company.name": "Company"}, [{"id": "c_1", "company": None}])
    )
    assert out.getvalue().split() == ["Id", "Company", "c_1"]


@pytest.mark.parametrize(
    ("given", "options"),
    [
        ('{"page": 2}', ["--page", 3]),
        ('{"per_page": 5}', ["--per-page", 5]),
        ('{"fields": ["id"]}', ["--fields", "id"]),
    ],
)
def test_paging_in_the_filter_and_by_option_is_an_error(loaded: Run, given: str, options: list[object]) -> None:
    done = loaded("search", "contacts", "--filter", given, *options, code=2)
    assert f"is given by {options[0]} and in --filter: use one of them" in done.stderr
