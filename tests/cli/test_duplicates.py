"""`letrics duplicates`: an import reports pairs, and a person decides on them."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Lines, Run

ROWS = [
    {"id": id, "full_name": name, "email": "team.one@acme.example", "company_domain": "acme.example"}
    for id, name in ((None, "Ann Archer"), ("bob", "Bob Baker"), (None, "Cy Cook"))
]


@pytest.fixture
def paired(run: Run, lines: Lines) -> Run:
    shown = run("import", lines("contacts.jsonl", ROWS)).stdout
    assert "2 possible duplicates: contacts with one address but different names" in shown
    return run


def names(run: Run, *words: str) -> list[list[str]]:
    found = json.loads(run("duplicates", *words, "--json").stdout)
    return [[contact["full_name"] for contact in pair["contacts"]] for pair in found]


def ids(run: Run) -> list[str]:
    (pair, *_) = json.loads(run("duplicates", "--json").stdout)
    return [contact["id"] for contact in pair["contacts"]]


def test_duplicates_lists_pairs(paired: Run) -> None:
    assert names(paired) == [["Ann Archer", "Bob Baker"], ["Ann Archer", "Cy Cook"]]
    shown = paired("duplicates").stdout
    assert "one address, different names" in shown
    assert "   bob  Bob Baker  acme.example  team.one@acme.example" in shown
    assert "more: letrics duplicates --after 1" in paired("duplicates", "--limit", "1").stdout
    assert names(paired, "--after", "1") == [["Ann Archer", "Cy Cook"]]


def test_dismissed_pair_is_listed_apart(paired: Run) -> None:
    one, other = ids(paired)
    assert "are different persons" in paired("duplicates", "dismiss", one, other).stdout
    assert names(paired) == [["Ann Archer", "Cy Cook"]]
    assert names(paired, "--status", "dismissed") == [["Ann Archer", "Bob Baker"]]
    paired("duplicates", "undo", other, one)
    assert len(names(paired)) == 2


def test_duplicates_without_any_says_so(loaded: Run) -> None:
    assert loaded("duplicates").stdout == "there are no such pairs\n"


def test_unknown_contact_is_a_data_problem(paired: Run) -> None:
    assert "there is no contact nobody" in paired("duplicates", "dismiss", "bob", "nobody", code=1).stderr
    assert "bob and bob are one contact" in paired("duplicates", "dismiss", "bob", "bob", code=1).stderr


def test_merged_contacts_are_one_until_it_is_undone(paired: Run) -> None:
    one, other = ids(paired)
    assert f"{other} was merged into {one}" in paired("duplicates", "merge", one, other).stdout
    assert names(paired) == [["Ann Archer", "Cy Cook"]]
    [merged] = json.loads(paired("duplicates", "--status", "merged", "--json").stdout)
    assert [contact["id"] for contact in merged["contacts"]] == [one, other]
    assert "bob was merged into" in paired("duplicates", "--status", "merged").stdout
    found = json.loads(paired("search", "contacts", "--json").stdout)["data"]
    assert sorted(contact["full_name"] for contact in found) == ["Ann Archer", "Cy Cook"]
    paired("duplicates", "undo", one, other)
    assert ["Ann Archer", "Bob Baker"] in names(paired)
    assert len(json.loads(paired("search", "contacts", "--json").stdout)["data"]) == 3
    assert paired("check").exit_code == 0
