"""Files that are damaged or hostile: rows that cannot be used are rejected by line, and the rest is read."""

from __future__ import annotations

import gc
import io
import json
import random
import tracemalloc

import pytest

from letrics.ingest.delimited import DelimitedReader
from letrics.ingest.jsonl import read_json_lines
from letrics.ingest.rows import RAW_KEPT, UnreadableFile
from letrics.records import Kind
from tests.hostile import UNITS
from tests.ingest.parts import parts


def rejected(kind: Kind, data: bytes, csv: bool) -> list[tuple[int, str]]:
    """Line and reason of the rejected rows."""
    return [(refused.line, refused.reason) for part in parts(kind, data, csv) for refused in part.refused]


REJECTED: dict[str, tuple[Kind, bytes, bytes, bool]] = {
    "CSV too few cells": ("companies", b"domain,name\n", b"a\n", True),
    "CSV not UTF-8": ("companies", b"domain,name\n", b"a,\xff\n", True),
    "CSV stray quote": ("companies", b"domain,name\n", b'a,"b"c\n', True),
    "CSV bad value": ("companies", b"domain,name\n", b"a,\n", True),
    "CSV contacts": ("contacts", b"company_domain,name\n", b"a\n", True),
    "JSON cut off": ("contacts", b"", b'{"a":\n', False),
    "JSON of companies": ("companies", b"", b'{"a":\n', False),
    "JSON key twice": ("companies", b"", b'{"a":1,"a":2}\n', False),
    "JSON bad value": ("contacts", b"", b'{"company_domain":"x"}\n', False),
    "JSON bad nested value": ("contacts", b"", b'{"company":{"domain":"x","name":[1]}}\n', False),
    "JSON names beyond number": ("contacts", b"", b'{"NUMBER":1}\n', False),
}
"""Kinds of rows that are rejected: kind of record, first line, row, and whether it is CSV."""


@pytest.mark.parametrize("name", REJECTED)
def test_rejected_rows_leave_nothing_in_memory(name: str) -> None:
    """An import of millions runs without the garbage collector, so that a cycle for each row would stay for good."""
    kind, head, row, csv = REJECTED[name]
    few, many = (
        head + b"".join(row.replace(b"NUMBER", b"n%d" % number) for number in range(count)) for count in (100, 10_000)
    )
    assert len(rejected(kind, few, csv)) == 100
    gc.collect()
    gc.disable()
    try:
        tracemalloc.start()
        count = sum(len(part.refused) for part in parts(kind, many, csv))
        grown, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        cycles = gc.collect()
    finally:
        gc.enable()
    assert count == 10_000
    assert grown < 500_000
    assert cycles < 500


@pytest.mark.parametrize("depth", [10, 400, 900, 960, 980, 990, 1_000, 5_000, 200_000])
@pytest.mark.parametrize(
    "row",
    ['{"id":"1","company":{"domain":"a.example","name":%s}}', '{"id":"1","company":{"domain":"a.example","x":%s}}',
     '{"id":"1","company_domain":"a.example","emails":%s}', '{"id":"1","company_domain":"a.example","x":%s}',
     '{"company_domain":"a.example","company_locations":%s}'],
)  # fmt: skip
def test_deep_json_is_read_or_rejected_alone(row: str, depth: int) -> None:
    good = '{"id":"1","company_domain":"a.example"}'
    for nested in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth):
        data = "\n".join([good, row % nested, good]).encode()
        assert all(line == 2 for line, _ in rejected("contacts", data, csv=False))


@pytest.mark.parametrize(
    "value", ["NaN", "-Infinity", "1e999", "9" * 5_000, "9" * 4_000, "1e308", "-0", "1" + "0" * 400]
)
@pytest.mark.parametrize("column", ["name", "employees", "locations", "emails", "added_at", "industries", "x"])
def test_numbers_beyond_bounds_are_read_or_rejected(column: str, value: str) -> None:
    data = f'{{"domain":"a.example","{column}":{value}}}\n{{"domain":"b.example"}}\n'.encode()
    for line, reason in rejected("companies", data, csv=False):
        assert line == 1 and len(reason) <= 200


def _noise(random_: random.Random) -> bytes:
    pieces = [
        *(unit.encode("utf-8", "surrogatepass") for unit in UNITS),
        b'"',
        b",",
        b"\n",
        b"\r\n",
        b"a.example",
        b"\xff",
    ]
    return b"".join(random_.choice(pieces) for _ in range(random_.randrange(300)))


def _complaint(data: bytes) -> str:
    """The error for data that is no CSV; blank if there is none."""
    try:
        list(DelimitedReader(io.BytesIO(data), "f.csv"))
    except UnreadableFile as error:
        return str(error)
    return ""


def test_random_bytes_are_rejected_by_line(seed: int) -> None:
    random_ = random.Random(seed)
    for _ in range(300):
        noise = _noise(random_)
        for row in read_json_lines(io.BytesIO(noise)):
            assert row.problem is not None or isinstance(row.members, dict)
        for kind, head in (
            ("companies", b"domain,name,locations,emails\n"),
            ("contacts", b"id,company_domain,emails,phone\n"),
        ):
            for part in parts(kind, head + noise, csv=True):  # type: ignore[arg-type]
                for refused in part.refused:
                    assert refused.line > 1 and len(refused.reason) <= 1_000 and len(refused.raw) <= RAW_KEPT
                    json.dumps(refused.raw + refused.reason).encode()
        assert len(_complaint(noise)) < 1_000
