"""JSON files of other shapes than lines: arrays, objects spread over lines, and arrays in the response of an API."""

from __future__ import annotations

import io
import json
import random
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.ingest.input_file import InputFile
from letrics.ingest.json_response import find_rows
from letrics.ingest.json_values import JsonValues
from letrics.ingest.jsonl import read_row
from letrics.ingest.rows import MAX_ROW, DamagedFile, FileRow
from letrics.ingest.source import read_source
from tests.hostile import bounded
from tests.ingest.test_text_lines import Trickle

RECORDS: list[dict[str, Any]] = [
    {"domain": "a.example", "name": 'A "x", {y}], [z'},
    {"domain": "b.example", "emails": [{"value": "i@b.example"}, {"value": "j@b.example"}], "more": {"deep": [[{}]]}},
    {"domain": "c.example"},
]


def rows(data: bytes) -> list[FileRow]:
    source = read_source(InputFile.open("-", io.BytesIO(data)))
    assert source.format == "jsonl"
    return list(map(read_row, source.rows))


def records(data: bytes) -> list[Any]:
    return [row.members if row.problem is None else row.problem.reason for row in rows(data)]


@pytest.mark.parametrize("indent", [None, 0, 1, 4, "\t"])
@pytest.mark.parametrize("before", ["", "\ufeff", "\n  "])
@pytest.mark.parametrize("count", [1, 3])
def test_array_is_read_however_it_is_printed(indent: int | str | None, before: str, count: int) -> None:
    assert records((before + json.dumps(RECORDS[:count], indent=indent)).encode()) == RECORDS[:count]


@pytest.mark.parametrize("indent", [1, 4, "\t"])
@pytest.mark.parametrize("between", ["\n", "\n\n", ",\n", ""])
def test_objects_spread_over_lines_are_read(indent: int | str, between: str) -> None:
    for some in (RECORDS, RECORDS[:1]):
        assert records(between.join(json.dumps(record, indent=indent) for record in some).encode()) == some


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "response",
    [
        {"data": RECORDS},
        {"page": 1, "größe": "[{", "next": {"data": 1}, "records": RECORDS, "total": [3]},
        {"data": {"total": 3, "items": RECORDS}},
    ],
)
def test_array_in_a_response_is_read(response: dict[str, Any], indent: int | None) -> None:
    data = json.dumps(response, indent=indent, ensure_ascii=False).encode()
    assert records(data) == RECORDS
    assert "other fields are skipped" in read_source(InputFile.open("-", io.BytesIO(data))).notes[0]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    ("response", "notes"),
    [
        ({"people": RECORDS[:1], "contacts": RECORDS[1:], "page": 1}, "the rows are also the values of 'contacts'"),
        ({"people": RECORDS, "n": {"a": [1]}, "companies": [{"a": 1}]}, "the list 'companies' was not read"),
        ({"data": {"people": RECORDS[:2]}, "leads": RECORDS[2:]}, "the rows are also the values of 'leads'"),
        ({"people": RECORDS, "included": [{"a": 1}], "companies": [], "leads": [1]}, ""),
    ],
)
def test_lists_of_one_kind_in_a_response_are_read(response: dict[str, Any], notes: str, indent: int | None) -> None:
    data = json.dumps(response, indent=indent).encode()
    source = read_source(InputFile.open("-", io.BytesIO(data)))
    assert [read_row(row).members for row in source.rows] == RECORDS
    assert notes in "".join(source.rest().notes)
    slow = JsonValues(Trickle(data, random.Random(1)), "f", "array", data.index(b"[") + 1, find_rows(data.decode()))
    assert [read_row(row).members for row in slow] == RECORDS


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("between", ["\n", "\n\n", ""])
def test_responses_one_after_another_are_read(indent: int | None, between: str) -> None:
    pages: list[dict[str, Any]] = [
        {"page": n, "results": [record], "next": {"a": [1]}} for n, record in enumerate(RECORDS)
    ]
    texts = [json.dumps(page, indent=indent) for page in [*pages, {"page": 4, "results": []}]]
    source = read_source(InputFile.open("-", io.BytesIO(between.join(texts).encode())))
    assert [read_row(row).members for row in source.rows] == RECORDS
    assert "an object without a list of records was not read" in source.rest().notes[0]


@pytest.mark.parametrize("indent", [None, 1])
def test_objects_by_their_ids_are_read(indent: int | None) -> None:
    people = {str(number): record for number, record in enumerate(RECORDS)}
    data = json.dumps({"contacts": people, "companies": {"7": {"a": 1}}}, indent=indent).encode()
    assert records(data) == RECORDS
    slow = JsonValues(Trickle(data, random.Random(1)), "f", "array", data.index(b"{", 5) + 1, find_rows(data.decode()))
    assert [read_row(row).members for row in slow] == RECORDS
    with pytest.raises(DamagedFile, match="not complete"):
        records(data[: data.index(b"c.example")])


def test_people_of_a_company_have_its_facts() -> None:
    people = [{"first_name": "Ann", "value": "ann@a.example"}, {"first_name": "Bob", "value": None}]
    read = records(json.dumps({"data": {"domain": "a.example", "emails": people}, "meta": {}}).encode())
    assert [(row["company.domain"], row["emails.value"]) for row in read] == [
        ("a.example", "ann@a.example"),
        ("a.example", None),
    ]


@pytest.mark.parametrize("rest", ["", "}", ", ", ', "a', ', "a":', ', "people": [', "]]", ', "a": {"b"', "garbage"])
def test_text_after_the_list_of_a_response_is_free(rest: str) -> None:
    assert records(f'{{"people": [{{"a": 1}}]{rest}'.encode()) == [{"a": 1}]


@pytest.mark.parametrize(
    "record", [{"domain": "a.example", "contacts": [{"id": 1}]}, {"items": [1]}, {"data": "x"}, {"x": [{"a": 1}]}]
)
def test_record_with_a_list_is_no_response(record: dict[str, Any]) -> None:
    assert records(json.dumps(record).encode()) == [record]
    assert records(f"{json.dumps(record)}\n{json.dumps(record)}\n".encode()) == [record, record]


@pytest.mark.parametrize("data", [b"", b" \n", b"\xef\xbb\xbf", b"{", b"{\n", b"[", b"}", b"[]", b"{ "])
def test_file_of_few_characters_has_no_valid_row(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.json").write_bytes(data)
    with InputFile.open(str(tmp_path / "a.json")) as file, suppress(DamagedFile):
        assert all(read_row(row).problem for row in read_source(file).rows)


def test_rows_have_the_line_on_which_they_begin() -> None:
    data = b'\n[\n {"a":\n1}, {"a":2},\n\n{"a":3}]\n'
    assert [(row.line, row.members) for row in rows(data)] == [(3, {"a": 1}), (4, {"a": 2}), (6, {"a": 3})]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ('{"a":NaN}', "NaN and Infinity are not JSON"),
        ('{"a":1,}', "not JSON"),
        ('{"a":1,"a":2}', "twice"),
        ('{"a" 1}', "not JSON"),
        ('{"a":[1}]', "not JSON"),
        ('{"a":[{"b":tru}]}', "not JSON"),
        ("17", "not a number"),
        ('"text, ] }"', "not a string"),
        ("[{}]", "not an array"),
        ("nonsense", "not JSON"),
        ("null", "not null"),
    ],
)
def test_invalid_value_of_an_array_is_rejected_alone(value: str, reason: str) -> None:
    first, problem, last = records(f'[{{"n":1}},\n{value},\n{{"n":3}}]'.encode())
    assert (first, last) == ({"n": 1}, {"n": 3})
    assert reason in problem


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ("", "the array is not closed"),
        (',{"a":', "a value is not complete"),
        (',{"a":"x}]', "a value is not complete"),
        (']{"a":1}', "text follows the end of the array"),
        (',{"a":"' + "x" * (2 * MAX_ROW), "longer than 1,048,576 bytes"),
        (',"' + "x" * (2 * MAX_ROW), "longer than 1,048,576 bytes"),
    ],
)
def test_damaged_array_gives_the_rows_before(rest: str, reason: str) -> None:
    source, read = read_source(InputFile.open("-", io.BytesIO(b'[{"n":1},\n{"n":2}' + rest.encode()))), []
    with pytest.raises(DamagedFile, match=f"damaged from line 2 on: .*{reason}"):  # noqa: PT012
        for row in source.rows:
            read.append(read_row(row).members)
    assert read == [{"n": 1}, {"n": 2}]


def test_object_of_many_objects_takes_linear_time() -> None:
    inner = [{"value": "x"}] * 20_000
    with bounded(30):
        assert records(json.dumps([{"emails": inner}] * 10).encode()) == [{"emails": inner}] * 10


def test_array_is_read_in_constant_memory() -> None:
    data = json.dumps([{"domain": "a.example", "name": "x" * 1000}] * 20_000).encode()
    source = read_source(InputFile.open("-", io.BytesIO(data)))
    tracemalloc.start()
    count = sum(1 for _ in source.rows)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 3_000_000


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.dictionaries(st.text(max_size=5), _VALUES, max_size=4), min_size=1, max_size=6),
    st.sampled_from([None, 0, 2, "\t"]), st.booleans(), st.integers(0, 1000),
)  # fmt: skip
def test_any_array_comes_back(values: list[dict[str, Any]], indent: Any, ascii: bool, draw: int) -> None:
    data = json.dumps(values, indent=indent, ensure_ascii=ascii).encode("utf-8", "surrogatepass")
    assert records(data) == values
    slow = JsonValues(Trickle(data, random.Random(draw)), "f", "array", 1)
    assert [read_row(row).members for row in slow] == values
