"""A person who is forgotten is in no file of the home soon after, and importing the source again changes nothing.

The people have names, titles and addresses of words that occur nowhere else, so that the bytes of all files tell.
"""

from __future__ import annotations

import csv
import os
import sys
import time
from pathlib import Path
from typing import Any, Final

import pytest

from tests.reliability.running import PATIENCE, Server, letrics, serving

OTHERS: Final = int(os.environ.get("ERASURE_OTHERS", "300"))
"""The number of contacts who stay. `make reliability` takes more, so that tables have many pages."""
SECONDS: Final = 60 if OTHERS <= 20_000 else 300
"""Seconds within which nothing of a person is left while a server runs."""
JANE: Final = "zyxwva.qwertzel@acme.example"
JOHN: Final = "vorgblat.mxyzptlk@acme.example"
TOKENS: Final = ("zyxwva", "qwertzel", "zorblax", "vorgblat", "mxyzptlk", "frobnitz")
"""Words of the two people, in lower case."""


def row(name: str, email: str, title: str, **more: str) -> dict[str, str]:
    slug = email.partition("@")[0].replace(".", "-")
    known = {"full_name": name, "email": email, "job_title": title, "domain": "acme.example", "phone": ""}
    return {**known, "linkedin_url": f"https://www.linkedin.com/in/{slug}", **more}


def source(path: Path, title: str) -> Path:
    """A file with the two people between others. A cell of one of them cannot be interpreted."""
    people = [row(f"Ann Abel{n}", f"ann.abel{n}@acme.example", f"Clerk {n % 97}") for n in range(OTHERS)]
    people.insert(OTHERS // 2, row("Zyxwva Qwertzel", JANE, f"Zorblax {title}", added_at="qwertzelday"))
    people.insert(OTHERS // 3, row("Vorgblat Mxyzptlk", JOHN, f"Frobnitz {title}"))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [*people[0], "added_at"])
        writer.writeheader()
        writer.writerows(people)
    return path


def left(home: Path) -> list[str]:
    """The files of the home that have a word of the people, with the word."""
    found = []
    for file in home.rglob("*"):
        if file.is_file():
            content = file.read_bytes().lower()
            for token in TOKENS:
                if any(token.encode(encoding) in content for encoding in ("utf-8", "utf-16-le", "utf-32-le")):
                    found.append(f"{file.relative_to(home)}: {token}")
    return found


def wait_until_gone(home: Path) -> float:
    """Wait until nothing is left, and return how many seconds it took."""
    started = time.monotonic()
    while remaining := left(home):
        assert time.monotonic() - started < SECONDS + PATIENCE, remaining
        time.sleep(0.1)
    return time.monotonic() - started


def upsert(server: Server, key: str, *records: dict[str, Any]) -> dict[str, Any]:
    reply = server.client.post("/v1/contacts/upsert", json={"records": records}, headers={"Idempotency-Key": key})
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def id_of(server: Server, email: str) -> str:
    return str(server.client.post("/v1/contacts", json={"emails": [email]}).json()["data"][0]["id"])


@pytest.mark.slow
def test_forgotten_people_leave_every_file(tmp_path: Path) -> None:
    home, rejects = tmp_path / "home", tmp_path / "rejects.jsonl"
    letrics(home, "import", source(tmp_path / "a.csv", "Officer"))
    letrics(home, "import", "--kind", "companies", companies(tmp_path / "firms.csv"))
    letrics(home, "import", source(tmp_path / "b.csv", "Chief"), "--yes")  # leaves former states
    assert left(home)
    with serving(home) as server:
        upsert(server, "k1", row("Zyxwva Qwertzel", JANE, "Zorblax President"))
        upload(server, tmp_path / "c.csv")
        letrics(home, "forget", JOHN, "--yes")
        gone = server.client.delete(f"/v1/contacts/{id_of(server, JANE)}", params={"forget": "true"})
        assert (gone.status_code, gone.json()["data"]) == (200, {"deleted": 1})
        seconds = wait_until_gone(home)
        sys.stdout.write(f"nothing was left after {seconds:.1f} s, {OTHERS:,} other contacts\n")
        assert server.total("contacts") == OTHERS
        said = letrics(home, "import", source(tmp_path / "a.csv", "Officer"), "--rejects", rejects)
        assert "2 rows of forgotten people: not imported" in said
        assert upsert(server, "k2", {"email": JANE, "full_name": "Z"})["data"][0]["status"] == "forgotten"
        assert server.total("contacts", emails=[JANE, JOHN]) == 0
        assert left(home) == []
    assert not [token for token in TOKENS if token in rejects.read_text().lower()]
    letrics(home, "undo", "3")
    letrics(home, "undo", "1")
    assert letrics(home, "person", JANE, code=1) == f"0 contacts with {JANE}\n"
    assert left(home) == []
    assert "agree" in letrics(home, "check")


def companies(path: Path) -> Path:
    """A file in which their company has an address of one of the people."""
    path.write_text(f"domain,name,emails\nacme.example,Acme,info@acme.example; {JANE}\n")
    return path


def upload(server: Server, path: Path) -> None:
    """Import a file over HTTP of which a row is rejected, so that the rejects of the upload have its text."""
    path.write_text(f"email,full_name,employees\n{JANE},Zyxwva Qwertzel,zorblaxmany\n")
    reply = server.client.post(
        "/v1/imports?kind=contacts&filename=c.csv", content=path.read_bytes(), headers={"content-type": "text/csv"}
    )
    assert reply.status_code == 202, reply.text
    deadline, id = time.monotonic() + PATIENCE, reply.json()["data"]["id"]
    while server.client.get(f"/v1/imports/{id}").json()["data"]["status"] == "running":
        assert time.monotonic() < deadline
        time.sleep(0.05)
