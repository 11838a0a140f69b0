"""Erasing people from the files of uploads."""

from __future__ import annotations

import json
from pathlib import Path

from letrics.identity.mentions import Mentions
from letrics.ingest.erasing import erase_uploads
from letrics.ingest.rejects import Reject, Rejects
from letrics.records import ContactBody, Email

MOMENT = "2026-01-01T00:00:00.000Z"
ANN, BEA = "ann@acme.example", "bea@acme.example"


def people() -> Mentions:
    made = Mentions()
    made.add(ContactBody(id="x", emails=(Email(ANN, "personal"),), added_at=MOMENT, updated_at=MOMENT))
    return made


def write_rejects(path: Path) -> list[Reject]:
    path.parent.mkdir(parents=True)
    rows = [
        Reject("people.csv", 2, "emails", "is no email address", f"Bea,{BEA}"),
        Reject("people.csv", 3, "emails", f"{ANN} is given twice", f"Ann,{ANN},ü"),
        Reject("people.csv", 4, None, "has too many cells", f"Ann,{ANN},,,,", "warning"),
        Reject("people.csv", 5, None, "has too many cells", "Bea,,,,"),
    ]
    with path.open("wb") as file:
        rejects = Rejects(file)
        for row in rows:
            rejects.add(row)
    return rows


def test_rejected_rows_of_a_person_lose_their_texts(tmp_path: Path) -> None:
    path = tmp_path / "7" / "rejects.jsonl"
    rows = write_rejects(path)
    before = path.stat()
    with path.open("ab") as running:  # an import that goes on
        erase_uploads(tmp_path, people())
        running.write(b'{"line":6}\n')
    left = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert ANN.encode() not in path.read_bytes()
    assert [(row["line"], row["raw"], row.get("reason")) for row in left[:-1]] == [
        (2, rows[0].raw, rows[0].reason), (3, "", "erased"), (4, "", "erased"), (5, rows[3].raw, rows[3].reason),
    ]  # fmt: skip
    assert (left[2]["kind"], left[-1]) == ("warning", {"line": 6})
    assert path.stat().st_ino == before.st_ino


def test_line_that_is_no_row_is_erased(tmp_path: Path) -> None:
    path = tmp_path / "7" / "rejects.jsonl"
    path.parent.mkdir()
    path.write_text(f'{{"raw":"{ANN}\n[1,"{ANN}"]\n{{"raw":"Bea"}}\n')
    erase_uploads(tmp_path, people())
    assert path.read_text().split() == ['{"raw":"Bea"}']


def test_stored_upload_that_mentions_a_person_is_removed(tmp_path: Path) -> None:
    for name, text in (("new-1", f"Name,Email\nAnn,{ANN}\n"), ("new-2", f"Name,Email\nBea,{BEA}\n"), ("7", ANN)):
        (tmp_path / name / "file").mkdir(parents=True)
        (tmp_path / name / "file" / "people.csv").write_text(text)
    erase_uploads(tmp_path, people())
    assert {path.name for path in tmp_path.iterdir()} == {"new-2", "7"}


def test_stored_upload_that_cannot_be_searched_is_removed(tmp_path: Path) -> None:
    contents = {
        "new-1": f"Name,Email\nAnn,{ANN}\n".encode("utf-16"), "new-2": "Zoë,zoe@x.example\n".encode("cp1252"),
        "new-3": b"Name,Email\n" + b"Bea,bea@acme.example\n" * 900_000, "new-4": b"PK\x03\x04\0\0",
        "new-5": json.dumps([{"email": BEA}] * 9_000 + [{"email": ANN}] + [{"email": BEA}] * 9_000).encode(),
        "new-6": json.dumps([{"email": BEA}] * 9_000).encode(),
    }  # fmt: skip
    for name, content in contents.items():
        (tmp_path / name / "file").mkdir(parents=True)
        (tmp_path / name / "file" / "people").write_bytes(content)
    erase_uploads(tmp_path, people())
    assert {path.name for path in tmp_path.iterdir()} == {"new-6"}


def test_directory_of_uploads_may_be_missing(tmp_path: Path) -> None:
    erase_uploads(tmp_path / "uploads", people())
