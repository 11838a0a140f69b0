"""Imports that would change the names of many records: refused, asked about, confirmed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from letrics.cli.confirm_names import ask_about_names
from letrics.cli.context import CliSession
from letrics.cli.exit_codes import INTERRUPTED, Failed
from letrics.cli.progress import Meter
from letrics.store.name_changes import NameChange, NameChanges
from tests.cli.conftest import Lines, Run


def people(name: str, count: int, renamed: int | None = None) -> list[dict[str, Any]]:
    """Contacts, of which the first `renamed` have another name."""
    names = [name if renamed is None or number < renamed else "Ann" for number in range(count)]
    return [
        {"id": str(number), "full_name": f"{name} {number}", "company_domain": "a.example"}
        for number, name in enumerate(names)
    ]


def names(run: Run) -> set[str]:
    return {json.loads(line)["full_name"].split()[0] for line in run("export", "contacts").stdout.splitlines()}


def test_import_that_changes_many_names_stops(run: Run, lines: Lines) -> None:
    run("import", lines("contacts.jsonl", people("Ann", 6)))
    path = lines("contacts.jsonl", people("Bob", 7))
    error = run("import", path, code=2).stderr
    assert "change the name of 6 of the 6 contacts that they match: “Ann 0” → “Bob 0”, “Ann 1” → “Bob 1”" in error
    assert "add --yes" in error
    assert "confirm_renames=true" in error
    assert names(run) == {"Ann"}
    [record, _] = json.loads(run("imports", "--json").stdout)
    assert (record["status"], record["changes"]) == ("failed", {})
    assert "Bob 0" in record["report"]["problem"]


def test_import_with_yes_changes_the_names(run: Run, lines: Lines) -> None:
    run("import", lines("contacts.jsonl", people("Ann", 6)))
    run("import", lines("contacts.jsonl", people("Bob", 7)), "--yes")
    assert names(run) == {"Bob"}
    run("import", lines("contacts.jsonl", people("Bob", 7)))


def test_few_changed_names_are_imported(run: Run, lines: Lines) -> None:
    run("import", lines("contacts.jsonl", people("Ann", 500)))
    run("import", lines("contacts.jsonl", people("Bob", 500, renamed=5)))
    assert names(run) == {"Ann", "Bob"}
    run("import", lines("contacts.jsonl", people("Cy", 500, renamed=6)), code=2)
    run("import", lines("contacts.jsonl", people("Cy", 4)))


def test_renamed_companies_of_contacts_stop_the_import(run: Run, lines: Lines) -> None:
    rows = [{"id": str(n), "full_name": "Ann", "company": {"domain": f"c{n}.example", "name": "A"}} for n in range(5)]
    run("import", lines("contacts.jsonl", rows))
    for row in rows:
        row["company"] = row["company"] | {"name": "B"}  # type: ignore[operator]
    assert "of the 5 companies" in run("import", lines("contacts.jsonl", rows), code=2).stderr


def test_rows_after_the_first_ten_thousand_are_not_judged(run: Run, home: Path, lines: Lines) -> None:
    home.mkdir()
    (home / "letrics.toml").write_text("batch_size = 700")
    known = people("Ann", 10_200)
    run("import", lines("contacts.jsonl", known[10_000:]))
    assert names(run) == {"Ann"}
    late = people("Bob", 10_200)
    early = [*late[10_000:], *late[:10_000]]
    run("import", lines("contacts.jsonl", early), code=2)
    run("import", lines("contacts.jsonl", late))
    assert names(run) == {"Bob"}


def test_dry_run_and_import_into_an_empty_store_do_not_ask(run: Run, lines: Lines) -> None:
    path = lines("contacts.jsonl", [*people("Ann", 6), *people("Bob", 6)])
    run("import", path)
    run("import", lines("contacts.jsonl", people("Cy", 6)), "--dry-run")


@pytest.mark.parametrize(("answer", "confirmed"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_user_is_asked_on_a_terminal(answer: str, confirmed: bool) -> None:
    session = CliSession()
    changes = NameChanges("contacts", 9, 6, (NameChange("Ann", "Bob"),))
    with CliRunner().isolation(input=answer) as (_, err, _):
        with Meter(session.console) as meter:
            if confirmed:
                ask_about_names(session, meter, "people.csv", changes)
            else:
                with pytest.raises(Failed) as error:
                    ask_about_names(session, meter, "people.csv", changes)
                assert error.value.code == INTERRUPTED
        assert "“Ann” → “Bob”".encode() in err.getvalue()
