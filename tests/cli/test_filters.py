"""`--filter` and `--fields`: what is wrong with them is said without words about requests and bodies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize(
    "command", [("search", "contacts"), ("export", "contacts"), ("delete", "contacts"), ("count", "contacts")]
)
@pytest.mark.parametrize(
    ("filter_", "says"),
    [
        ("{'job_titles': ['x']}", "--filter {'job_titles': ['x']} is not JSON: expecting property name"),
        ("manager", "--filter manager is not JSON: expecting value at line 1, column 1"),
        ('{"a": 1', '--filter {"a": 1 is not JSON: expecting'),
        ("", "it is empty"),
        ("[]", "--filter [] is not a JSON object"),
        ("7", "--filter 7 is not a JSON object"),
        ("[" * 100_000, "--filter [["),
    ],
)
def test_filter_not_json_says_where_and_an_example(run: Run, command: tuple[str], filter_: str, says: str) -> None:
    said = run(*command, "--filter", filter_, code=2).stderr
    assert says in said
    assert """Example: --filter '{"locations": ["Germany"]}'""" in said


@pytest.mark.parametrize("filter_", ['{"a": NaN}', '{"a": 1, "a": 2}', '{"a": "\\ud800"}', '{"a": 1e999}'])
def test_filter_wrong_json_never_speaks_of_a_body(run: Run, filter_: str) -> None:
    said = run("search", "contacts", "--filter", filter_, code=2).stderr
    assert "letrics: " in said and "body" not in said.lower() and "Traceback" not in said


@pytest.mark.parametrize(("name", "says"), [("fields", "--fields full_name,emails"), ("page", "has no pages")])
def test_export_paging_in_filter_names_the_option(loaded: Run, name: str, says: str) -> None:
    said = loaded("export", "contacts", "--filter", f'{{"{name}": ["full_name"], "jobtitles": ["x"]}}', code=2).stderr
    assert f"letrics: {name} is not a filter: " in said and says in said
    assert "did you mean job_titles?" in said


@pytest.mark.parametrize("command", ["export", "search"])
@pytest.mark.parametrize(
    ("fields", "says"),
    [("full_nam", "did you mean full_name?"), (" , ", "--fields is empty"), ("", "--fields is empty")],
)
def test_fields_unknown_or_empty_is_wrong_usage(loaded: Run, command: str, fields: str, says: str) -> None:
    said = loaded(command, "contacts", "--fields", fields, code=2).stderr
    assert says in said and "letrics: --fields" in said


def test_export_fields_choose_and_order_columns(loaded: Run) -> None:
    out = loaded("export", "contacts", "--fields", "job_title, company.domain,full_name", "--format", "csv").stdout
    assert out.splitlines()[:2] == ["job_title,company_domain,full_name", "'+Head of @Sales,acme.example,Jane Doe"]
    out = loaded("export", "contacts", "--fields", "job_title,company.domain,id").stdout
    assert out.splitlines()[0] == '{"job_title":"+Head of @Sales","company":{"domain":"acme.example"},"id":"c1"}'


def test_search_fields_choose_and_order_columns(loaded: Run) -> None:
    rows = loaded("search", "contacts", "--fields", "company.name,emails,full_name,is_decision_maker").stdout
    assert rows.splitlines()[0] == "Acme; the =firm\tjane@acme.example; info@acme.example\tJane Doe\ttrue"
    answer = loaded("search", "contacts", "--json", "--filter", '{"fields": ["job_title", "id"]}').stdout
    assert answer.index('"job_title"') < answer.index('"id"') and "full_name" not in answer


def test_filter_file_is_read(loaded: Run, tmp_path: Path) -> None:
    file = tmp_path / "filter.json"
    for text in (
        b'{"job_titles": ["cto"]}',
        b'\xef\xbb\xbf{"job_titles": ["cto"]}',
        '{"job_titles": ["cto"]}'.encode("utf-16"),
    ):
        file.write_bytes(text)
        assert loaded("count", "contacts", "--filter", f"@{file}").stdout == "1\n"
    assert loaded("count", "contacts", "--filter", "@-", input='{"job_titles": ["cto"]}').stdout == "1\n"
    assert loaded("search", "contacts", "--filter", f"@{file}", "--fields", "full_name").stdout == "Иван Петров\n"


@pytest.mark.parametrize("command", ["search", "count", "export", "delete"])
@pytest.mark.parametrize(
    ("text", "says"),
    [(None, ": No such file or directory"), (b"", " is not JSON: it is empty"), (b"[1]", " is not a JSON object"),
     (b"{\n  7}", " is not JSON: expecting property name enclosed in double quotes at line 2, column 3"),
     (b'{"a": "\xff"}', " is not UTF-8: byte 8")],
)  # fmt: skip
def test_filter_file_that_cannot_be_read_is_named(
    run: Run, tmp_path: Path, command: str, text: bytes | None, says: str
) -> None:
    file = tmp_path / "filter.json"
    if text is not None:
        file.write_bytes(text)
    said = run(command, "contacts", "--filter", f"@{file}", code=2).stderr
    assert f"letrics: --filter @{file}{says}" in said.replace("\n", " ") or f"@{file.name}{says}" in said


@pytest.mark.parametrize("command", ["search", "export", "delete", "count"])
def test_filter_given_twice_is_wrong_usage(loaded: Run, command: str) -> None:
    said = loaded(command, "contacts", "--filter", '{"emails": ["jane@acme.example"]}', "--filter", "{}", code=2).stderr
    assert "--filter is given 2 times: write all fields into one JSON object" in said
