"""Files in the forms in which programs write them, imported as a whole: each row is a contact, and nothing else is."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from letrics.cli import cli
from tests.ingest.workbooks import workbook

HEADER = "email,full_name,company_domain\n"
ROWS = "a@x.example,Ann Ärger,x.example\nb@x.example,Bob Baker,x.example\n"
NAMES = ["Ann Ärger", "Bob Baker"]
RECORDS = [
    {"email": "a@x.example", "full_name": "Ann Ärger", "company_domain": "x.example"},
    {"email": "b@x.example", "full_name": "Bob Baker", "company_domain": "x.example"},
]
CELLS = [list(RECORDS[0]), *(list(record.values()) for record in RECORDS)]


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, data)
    return out.getvalue()


FORMS: dict[str, bytes] = {
    "repeated mark.csv": ("\ufeff\ufeff" + HEADER + ROWS).encode(),
    "utf-16 without a mark.csv": (HEADER + ROWS).encode("utf-16-le"),
    "utf-16.csv": (HEADER + ROWS).replace(",", "\t").encode("utf-16"),
    "short rows.csv": (HEADER[:-1] + ",phone,department,\n" + ROWS).encode(),
    "delimiters at the end.csv": (HEADER + ROWS).replace("\n", ",,\n").encode(),
    "footer.csv": (HEADER + ROWS + '   \n"Leads with status"\n"Confidential - Do Not Distribute"\n\x1a').encode(),
    "title.csv": ("Leads report,,\n,,\n" + HEADER + ROWS).encode(),
    "line ends.csv": (HEADER.replace("\n", "\r\n") + ROWS.replace("\n", "\r", 1)).encode(),
    "carriage returns.csv": (HEADER + ROWS).replace("\n", "\r").encode(),
    "repeated ignored name.csv": (HEADER[:-1] + ",Tag,Tag\n" + ROWS.replace("\n", ",1,2\n")).encode(),
    "commas in the header.csv": (HEADER[:-1] + ",Note (a. b. c. d. e)\n" + ROWS.replace("\n", ",x\n"))
    .replace(",", ";").replace(". ", ", ").encode(),
    "semicolons in the header.csv": (HEADER[:-1] + ',"tags (a;b;c;d)"\n' + ROWS.replace("\n", ",x\n")).encode(),
    "text formulas.csv": (HEADER + ROWS.replace("Ann Ärger", '"=""Ann Ärger"""')).encode(),
    "spaces before quotes.csv": (HEADER + ROWS.replace("Ann Ärger", ' "Ann Ärger"')).encode(),
    "array.json": json.dumps(RECORDS).encode(),
    "pretty array.json": json.dumps(RECORDS, indent=2, ensure_ascii=False).encode(),
    "pretty objects.json": "\n".join(json.dumps(record, indent=1) for record in RECORDS).encode(),
    "response.json": json.dumps({"page": 1, "data": RECORDS}).encode(),
    "workbook.xlsx": workbook({"Notes": [["About"]], "Leads": CELLS}),
    "workbook.csv": workbook({"Leads": CELLS}),
    "archive.zip": zipped("contacts.csv", (HEADER + ROWS).encode()),
    "archive of a workbook.zip": zipped("contacts.xlsx", workbook({"Leads": CELLS})),
    "compressed.csv.gz": gzip.compress((HEADER + ROWS).encode("utf-16")),
}  # fmt: skip
"""Files with the two contacts of RECORDS, in different forms."""


def letrics(home: Path, *words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(cli, ["--home", str(home), *map(str, words)], prog_name="letrics")
    assert result.exit_code == code, result.output
    return result


def names(home: Path) -> Sequence[str]:
    lines = letrics(home, "export", "contacts", "--fields", "full_name").stdout.splitlines()
    return sorted(json.loads(line)["full_name"] for line in lines)


@pytest.mark.parametrize("form", FORMS)
def test_file_of_any_form_is_imported_whole(tmp_path: Path, form: str) -> None:
    path = tmp_path / form
    path.write_bytes(FORMS[form])
    home = tmp_path / "home"
    assert "2 new, 0 changed" in letrics(home, "import", path, "--kind", "contacts").stdout
    assert names(home) == NAMES
    assert "nothing changed" in letrics(home, "import", path, "--kind", "contacts").stdout


def test_file_in_another_encoding_is_refused_with_advice(tmp_path: Path) -> None:
    path, home = tmp_path / "contacts.csv", tmp_path / "home"
    path.write_bytes((HEADER + ROWS).encode("cp1252"))
    refused = letrics(home, "import", path, code=2)
    assert "pass --encoding cp1252" in refused.stderr and not home.exists()
    letrics(home, "import", path, "--encoding", "cp1252")
    assert names(home) == NAMES


def test_unknown_encoding_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEADER + ROWS)
    assert "cp1252" in letrics(tmp_path / "home", "import", tmp_path / "a.csv", "--encoding", "cp12522", code=2).stderr


def test_given_lines_above_the_header_are_skipped(tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text("email,full_name\n\n" + HEADER + ROWS)
    letrics(tmp_path / "home", "import", tmp_path / "contacts.csv", "--skip-lines", 2)
    assert names(tmp_path / "home") == NAMES


def test_long_file_of_another_form_is_read_by_another_process(tmp_path: Path) -> None:
    rows = "".join(f"a{n}@x.example,Person {n},x.example{',' * (n % 3)}\n" for n in range(3_000))
    path, home = tmp_path / "contacts.csv", tmp_path / "home"
    path.write_bytes(f"Report\n\n{HEADER}{rows}\nTotal of all rows\n{' ' * 700_000}\n".encode("utf-16-le") * 1)
    result = letrics(home, "import", path)
    assert "3,000 new" in result.stdout and "3 blank or footer lines skipped" in result.stdout
    assert "“Total of all rows”" in result.stderr
