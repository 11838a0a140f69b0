"""Random files of records: CSV, JSON Lines, workbooks and Parquet, as programs write them, and then damaged."""

from __future__ import annotations

import csv
import gzip
import io
import json
from random import Random
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from letrics.ingest.columns import COLUMNS
from letrics.records import Kind
from tests.hostile import ODD_VALUES
from tests.ingest.workbooks import OLD_WORKBOOK, workbook
from tests.reliability.fuzz.random_texts import random_text

LONGEST: Final = 100_000
"""Characters of the longest cell."""
_ODD: Final = [value for value in ODD_VALUES if isinstance(value, (int, float, str, bool, list, dict))]


def random_file(random: Random, format: str) -> tuple[str, bytes]:
    """The name of a file and its data."""
    kind: Kind = random.choice(("companies", "contacts"))
    columns = _columns(random, kind)
    rows = [[_cell(random) for _ in columns] for _ in range(random.randrange(6))]
    if format == "csv":
        data = _csv(random, columns, rows)
    elif format == "jsonl":
        data = _json(random, columns, rows)
    elif format == "xlsx":
        cells = [[cell[:1_000] for cell in row] for row in rows]
        data = OLD_WORKBOOK if random.random() < 0.1 else workbook({"A": _without_control([columns, *cells])})
    else:
        data = _parquet(columns, rows)
    if random.random() < 0.5:
        data = _damaged(random, data)
    if format != "parquet" and random.random() < 0.1:
        return f"{kind}.{format}.gz", gzip.compress(data, 1)
    return f"{kind}.{format}", data


def _columns(random: Random, kind: Kind) -> list[str]:
    names = random.sample(sorted(COLUMNS[kind]), random.randrange(1, 8))
    if random.random() < 0.3:
        names.append(random_text(random, 300))
    return ["company_domain" if kind == "contacts" else "domain", *names]


def _cell(random: Random) -> str:
    if random.random() < 0.3:
        return random.choice(("acme.example", "jane@acme.example", "Jane Doe", "", "1", "https://linkedin.com/in/jane"))
    return random_text(random, LONGEST if random.random() < 0.02 else 200)


def _csv(random: Random, columns: list[str], rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(
        out, delimiter=random.choice(",;\t|"), lineterminator=random.choice(("\n", "\r\n", "\r")),
        quoting=random.choice((csv.QUOTE_ALL, csv.QUOTE_MINIMAL)),
    )  # fmt: skip
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().encode(random.choice(("utf-8", "utf-8-sig", "utf-16")), "replace")


def _json(random: Random, columns: list[str], rows: list[list[str]]) -> bytes:
    lines = []
    for row in rows:
        record: dict[str, Any] = dict(zip(columns, row, strict=True))
        if random.random() < 0.3:
            record[random.choice(columns)] = random.choice(_ODD)
        try:
            lines.append(json.dumps(record, ensure_ascii=random.random() < 0.5))
        except (RecursionError, ValueError):
            lines.append('{"domain":' + "[" * 2_000)
    joined = ",\n".join(lines)
    text = f"[{joined}]" if random.random() < 0.3 else "\n".join(lines)
    return text.encode("utf-8", "surrogatepass")


def _parquet(columns: list[str], rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    texts = [[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows]
    names = [name.encode("utf-8", "replace").decode() for name in dict.fromkeys(columns)]
    table = {name: [row[at] for row in texts] for at, name in enumerate(names)}
    pq.write_table(pa.table(table), out)
    return out.getvalue()


def _without_control(rows: list[list[str]]) -> list[list[str]]:
    """The cells without the characters that XML cannot have."""
    return [["".join(c for c in cell if c >= " " and not "\ud800" <= c <= "\udfff") for cell in row] for row in rows]


def _damaged(random: Random, data: bytes) -> bytes:
    """The data with a few bytes changed, removed, added or repeated."""
    changed = bytearray(data or b"x")
    for _ in range(random.choice((1, 1, 2, 5, 20))):
        place = random.randrange(len(changed))
        style = random.randrange(4)
        if style == 0:
            changed[place] = random.randrange(256)
        elif style == 1:
            del changed[place : place + random.randrange(1, 30)]
        elif style == 2:
            changed[place:place] = random.choice(
                (b'"', b",", b"\n", b"\0", b"\xff", b"[", b"}", b"\xef\xbb\xbf", b"\xe9")
            )
        else:
            changed[place:place] = changed[place : place + random.choice((1, 4, 100))] * random.choice((1, 2, 50))
        changed = changed or bytearray(b"x")
    return bytes(changed)
