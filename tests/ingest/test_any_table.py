"""Any table comes back from a file, with any delimiter, quotes, line ends, encoding and container."""

from __future__ import annotations

import csv
import gzip
import io
import random
import re
import zipfile
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.ingest.input_file import InputFile
from letrics.ingest.rows import DamagedFile, UnreadableFile
from letrics.ingest.source import check_text, read_source
from letrics.ingest.text_rules import TextRules
from tests.ingest.workbooks import OLD_WORKBOOK, workbook

_HEADER = ["email", "full_name", "Note (a, b; c|d)", "phone"]
_CELLS = st.text(st.sampled_from("ab é\"',;|\t\n\rÄ§=-"), max_size=8).map(
    lambda cell: "" if cell.isspace() else cell.strip()
)
_ROWS = st.lists(st.lists(_CELLS, min_size=4, max_size=4), min_size=1, max_size=8)
_ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac-roman"]


def _written(rows: list[list[str]], delimiter: str, end: str, quoting: Any) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    for row in [_HEADER, *rows]:
        writer.writerow(row)
    return out.getvalue()


def _packed(data: bytes, container: str) -> bytes:
    if container == "gzip":
        return gzip.compress(data)
    if container == "zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("table.csv", data)
        return out.getvalue()
    return data


@settings(deadline=None, max_examples=300)
@given(
    rows=_ROWS, delimiter=st.sampled_from(",;\t|"), end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC, csv.QUOTE_MINIMAL]),
    encoding=st.sampled_from(_ENCODINGS), container=st.sampled_from(["", "gzip", "zip"]),
    above=st.sampled_from(["", "\n\n", "Title of it\n", '"A, title"\n\n']),
)  # fmt: skip
def test_any_table_comes_back(
    rows: list[list[str]], delimiter: str, end: str, quoting: Any, encoding: str, container: str, above: str
) -> None:
    if quoting == csv.QUOTE_MINIMAL:  # the module quotes a cell with a line end only if it is the file's own
        rows = [[cell.replace("\n", "").replace("\r", "") for cell in row] for row in rows]
    rows = [["a@x.example", *row[1:]] for row in rows]
    text = above.replace("\n", end) + _written(rows, delimiter, end, quoting)
    rules = TextRules(encoding if encoding in ("cp1252", "mac-roman") else None)
    with InputFile.open("-", io.BytesIO(_packed(text.encode(encoding), container))) as file:
        source = read_source(file, rules)
        assert source.columns == _HEADER
        found = [row.members for row in source.rows]
    expected = [{name: cell for name, cell in zip(_HEADER, map(_bare, row), strict=True) if cell} for row in rows]
    assert [_unguarded(row) for row in found] == [_unguarded(row) for row in expected]


def _bare(cell: str) -> str:
    """A cell without the formula that marks it as text in Excel (`="0301"`). Others, such as `="a`, stay."""
    formula = re.fullmatch(r'="((?:[^"]|"")*)"', cell)
    return formula[1].replace('""', '"').strip() if formula else cell


def _unguarded(row: dict[str, Any] | None) -> dict[str, str]:
    """The cells without apostrophes, which may be guards of formulas, and with one kind of white space."""
    return {name: " ".join(cell.replace("'", "").split()) for name, cell in (row or {}).items()}


_FILES = [
    b"email,full_name,company_domain\r\na@x.example,Ann A,x.example\r\n\r\n" * 3 + b"Total of all rows\r\n",
    'sep=;\nemail;full_name\na@x.example;"Ann; Ä"\nb@x.example;\'=1\n'.encode(),
    "Leads,,\n,,\nemail,full_name,phone\na@x.example,Änn,1\n".encode("utf-16"),
    b'[{"email":"a@x.example","list":[{"a":"}, {"}]},\n {"email":"b@x.example"}]',
    b'{\n "data": [{"email": "a@x.example"}, {"email": "b@x.example"}]\n}',
    workbook({"A": [["email", "full_name"], ["a@x.example", 1], ["b@x.example", True]]}),
    OLD_WORKBOOK,
    gzip.compress(b"email\na@x.example\n"),
    _packed(b"email\na@x.example\n", "zip"),
]


def test_any_damaged_file_is_read_or_refused(seed: int) -> None:
    draws, errors = random.Random(seed), list[str]()
    for _ in range(300):
        data = bytearray(draws.choice(_FILES))
        for _ in range(draws.choice([1, 1, 3, 20])):
            place = draws.randrange(len(data))
            change = draws.randrange(4)
            if change == 0:
                data[place] = draws.randrange(256)
            elif change == 1:
                del data[place : place + draws.randrange(1, 20)]
            elif change == 2:
                data[place:place] = draws.choice(
                    [b'"', b",", b";", b"\n", b"\r", b"\0", b"\xef\xbb\xbf", b"[", b"}", b"\xe9"]
                )
            else:
                data += data[place : place + 40]
            if not data:
                data = bytearray(b"x")
        with InputFile.open("-", io.BytesIO(bytes(data))) as file:
            try:
                check_text(file)
                rows = list(read_source(file, remember=True).rows)
            except (UnreadableFile, DamagedFile) as error:
                errors.append(str(error))
                continue
            assert [row[:3] for row in read_source(file).rows] == [row[:3] for row in rows]
    assert all(len(error.encode()) < 1_000 for error in errors)
