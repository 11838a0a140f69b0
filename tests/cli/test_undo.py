"""`letrics undo`: an import and its undoing leave the data as it was."""

from __future__ import annotations

import json
from pathlib import Path

from letrics.store.connection import open_sqlite
from tests.cli.conftest import CONTACTS, Lines, Run


def exported(run: Run) -> list[str]:
    return [run("export", kind, "-o", "-").stdout for kind in ("companies", "contacts")]


def test_undo_restores_identical_exports(loaded: Run, lines: Lines) -> None:
    before = exported(loaded)
    changed = [{**CONTACTS[0], "job_title": "CEO"}, {"full_name": "Bob Baker", "company_domain": "later.example"}]
    loaded("import", lines("contacts-2.jsonl", changed))
    assert exported(loaded) != before
    done = json.loads(loaded("undo", "3", "--json").stdout)
    assert done == [{"id": 3, "restored": 1, "deleted": 2, "kept": []}]
    assert exported(loaded) == before
    assert loaded("check").exit_code == 0


def test_undo_of_everything_in_reverse_order_leaves_nothing(loaded: Run) -> None:
    assert "import 2 is undone: 0 restored, 5 deleted, 0 kept" in loaded("undo", "2", "1").stdout
    assert exported(loaded) == ["", ""]


def test_undo_lists_what_it_keeps(loaded: Run, lines: Lines) -> None:
    loaded("import", lines("contacts-2.jsonl", [{**CONTACTS[0], "job_title": "CEO"}]))
    shown = loaded("undo", "2").stdout
    assert "kept contacts c1: changed since, or in use" in shown
    assert "1 kept" in shown


def test_undo_of_an_unknown_import_undoes_none(loaded: Run) -> None:
    before = exported(loaded)
    assert "there is no import 9" in loaded("undo", "2", "9", code=1).stderr
    assert exported(loaded) == before


def test_undo_of_an_undone_import_is_refused(loaded: Run) -> None:
    loaded("undo", "2")
    assert "import 2 is undone already" in loaded("undo", "2", code=1).stderr


def test_undo_names_the_record_of_a_damaged_state(loaded: Run, lines: Lines, home: Path) -> None:
    loaded("import", lines("contacts-2.jsonl", [{**one, "job_title": "CEO"} for one in CONTACTS[:2]]))
    connection = open_sqlite(home / "letrics.db")
    connection.execute("UPDATE contact_before SET company = company + 1 WHERE num = 1")
    connection.close()
    assert "the state of contact num 1" in loaded("check", code=1).stdout
    done = loaded("undo", "3", store=None)
    assert "import 3 is undone: 1 restored, 0 deleted, 1 kept" in done.stdout
    assert "it or its former state is damaged and cannot be restored" in done.stdout
    assert loaded("check", store=None).exit_code == 0
