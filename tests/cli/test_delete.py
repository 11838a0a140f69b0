"""`letrics delete`: says how many, asks, and deletes what was meant and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import apsw

from tests.cli.conftest import Lines, Run
from tests.default_backends import open_store


def counts(run: Run) -> tuple[int, int]:
    facts = json.loads(run("status", "--json").stdout)
    return facts["companies"], facts["contacts"]


def test_by_id(loaded: Run) -> None:
    result = loaded("delete", "contacts", "c1", "--yes", "--json")
    assert json.loads(result.stdout) == {"deleted": 1, "not_found": 0, "left": 0}
    assert "1 contact will be deleted:\n  c1  Jane Doe, +Head of @Sales, Acme" in result.stderr
    assert counts(loaded) == (4, 3)
    assert "there is no contact c1" in loaded("delete", "contacts", "c1", "--yes", code=1).stderr


def test_delete_without_ids_and_filter_asks_for_one(loaded: Run) -> None:
    assert "pass the ids of records, or --filter JSON" in loaded("delete", "contacts", "--yes", code=2).stderr
    both = loaded("delete", "contacts", "c1", "--filter", "{}", "--yes", code=2)
    assert "either ids or --filter JSON, not both" in both.stderr


def test_a_company_is_its_domain_however_it_is_written(loaded: Run) -> None:
    loaded("delete", "companies", "https://www.bücher.example/x", "--yes")
    assert counts(loaded) == (3, 4)
    assert "single word" in loaded("delete", "companies", "acme", "--yes", code=2).stderr


def test_companies_with_contacts_need_to_be_said(loaded: Run) -> None:
    result = loaded("delete", "companies", "acme.example", "--yes", code=1)
    assert "acme.example has 2 contacts" in result.stderr
    result = loaded("delete", "companies", "--filter", '{"domains":["acme.example"]}', "--yes", code=1)
    assert "acme.example" in result.stderr
    assert counts(loaded) == (4, 4)
    result = loaded("delete", "companies", "acme.example", "--with-contacts", "--yes")
    assert "including 2 contacts" in result.stderr
    assert "3 records deleted" in result.stdout
    assert counts(loaded) == (3, 2)


def damage(home: Path, table: str, value: str) -> None:
    """Cut off the document of a record, as a fault of the disk may."""
    with open_store(home / "letrics.db") as store:
        found = store.find("contacts" if table == "contact" else "companies", value)
    assert found is not None
    connection = apsw.Connection(str(home / "letrics.db"))
    connection.execute(f"UPDATE {table} SET document = substr(document, 1, 20) WHERE num = ?", (found.num,))
    connection.close()


def test_delete_of_a_malformed_contact(loaded: Run, home: Path) -> None:
    damage(home, "contact", "c1")
    assert "c1 (malformed)" in loaded("delete", "contacts", "c1", "--yes").stderr
    assert counts(loaded) == (4, 3)


def test_delete_of_a_malformed_company(loaded: Run, home: Path) -> None:
    damage(home, "company", "acme.example")
    said = loaded("delete", "companies", "acme.example", "--yes", code=1).stderr
    assert "acme.example has 2 contacts" in said and counts(loaded) == (4, 4)
    said = loaded("delete", "companies", "acme.example", "--with-contacts", "--yes").stderr
    assert "acme.example (malformed)" in said and counts(loaded) == (3, 2)


def test_delete_by_filter_names_malformed_by_num(loaded: Run, home: Path) -> None:
    loaded("search", "companies", "--json")  # saves the index
    damage(home, "company", "acme.example")
    every = ("delete", "companies", "--filter", '{"domains":["acme.example"]}', "--yes")
    assert "company num 0 (malformed) has 2 contacts" in loaded(*every, code=1).stderr
    assert "  num 0 (malformed)" in loaded(*every, "--with-contacts").stderr
    assert counts(loaded) == (3, 2)


def test_by_filter(loaded: Run) -> None:
    loaded("delete", "contacts", "--filter", '{"job_titles":["cto"]}', "--yes")
    assert counts(loaded) == (4, 3)
    assert json.loads(loaded("search", "contacts", "--json").stdout)["meta"]["total"] == 3
    assert "0 records deleted" in loaded("delete", "contacts", "--filter", '{"job_titles":["cto"]}', "--yes").stdout


def test_without_a_terminal_it_needs_yes(loaded: Run) -> None:
    result = loaded("delete", "contacts", "c1", code=2)
    assert "1 contact will be deleted:\n  c1  Jane Doe, +Head of @Sales, Acme" in result.stderr
    assert "--yes" in result.stderr
    assert counts(loaded) == (4, 4)


def test_everything_needs_yes_and_the_words(loaded: Run) -> None:
    everything = ("delete", "contacts", "--filter", "{}")
    assert "pass --yes" in loaded(*everything, code=2).stderr
    assert "nothing was deleted" in loaded(*everything, "--yes", input="yes\n", code=2).stderr
    assert counts(loaded) == (4, 4)
    assert "4 records deleted" in loaded(*everything, "--yes", input="delete all contacts\n").stdout
    assert counts(loaded) == (4, 0)


def test_wrong_usage(loaded: Run) -> None:
    for args in ([], ["c1", "--filter", "{}"], ["c1", "--with-contacts"]):
        loaded("delete", "contacts", *args, code=2)
    assert counts(loaded) == (4, 4)


def test_delete_names_the_first_records_and_counts_the_rest(loaded: Run, lines: Lines) -> None:
    loaded(
        "import",
        lines("contacts_more.jsonl", [{"full_name": f"P{n}", "company_domain": "p.example"} for n in range(6)]),
    )
    said = loaded("delete", "contacts", "--filter", '{"domains": ["p.example"]}', "--yes").stderr
    assert "6 contacts will be deleted:\n" in said
    assert re.search(r"^  \S+  P0, p\.example$", said, re.MULTILINE)
    assert "\n  and 1 more\n" in said
    said = loaded("delete", "companies", "bolt.example", "--with-contacts", "--yes").stderr
    assert "1 company and its contacts will be deleted:\n  bolt.example  Bolt\n" in said


def test_delete_by_an_address_names_the_filter(loaded: Run) -> None:
    said = loaded("delete", "contacts", "jane@acme.example", "--yes", code=1).stderr
    assert """--filter '{"emails": ["jane@acme.example"]}'""" in said


def test_person_leaves_reports_and_rejected_rows(loaded: Run, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    rows = "".join(f"{name},{name}@acme.example,{name}@acme.example\n" for name in ("ann", "bea"))
    people.write_text(f"Full Name,Email,Added At\n{rows}")
    home = Path(json.loads(loaded("status", "--json").stdout)["home"])
    rejects = home / "uploads" / "1" / "rejects.jsonl"
    rejects.parent.mkdir(parents=True)
    loaded("import", str(people), "--rejects", str(rejects))
    [latest] = json.loads(loaded("imports", "--json").stdout)[:1]
    assert "ann@acme.example" in json.dumps(latest["report"])
    assert b"ann@acme.example" in rejects.read_bytes()
    loaded("delete", "contacts", "--filter", '{"emails": ["ann@acme.example"]}', "--yes")
    [left] = json.loads(loaded("imports", "--json").stdout)[:1]
    assert "ann@acme.example" not in json.dumps(left)
    assert left["report"]["warned"] == latest["report"]["warned"]
    assert "bea@acme.example" in json.dumps(left)
    assert b"ann@acme.example" not in rejects.read_bytes()
    assert b"bea@acme.example" in rejects.read_bytes()
