"""Bits of random cells flipped, and pages exchanged: reported or harmless, and no command ends in a traceback.

DAMAGED_PLACES in the environment is the number of places of each kind; `make reliability` takes 100.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

import pytest

from tests.reliability.damaged_home import STATES, DamagedHome, exchange_pages, flip_cell, flip_document, people

PLACES: Final = int(os.environ.get("DAMAGED_PLACES", "3"))
"""Places of each kind that are damaged."""
KINDS: Final[dict[str, Callable[[Path, Random], str]]] = {
    "cell": flip_cell,
    "state": partial(flip_cell, tables=STATES),
    "forgotten": partial(flip_cell, tables=("forgotten", "forgotten_key", "forgotten_secret")),
    "document": flip_document,
    "pages": exchange_pages,
}
COMMANDS: Final[tuple[tuple[str, ...], ...]] = (
    ("check",), ("status",), ("imports",), ("imports", "3"), ("duplicates",), ("duplicates", "--status", "merged"),
    ("show", "c1"), ("search", "contacts"), ("count", "contacts"), ("export", "contacts"), ("export", "companies"),
    ("person", "ann3@mail.example"), ("retention", "--days", "1000"), ("backup", "{files}/backup"),
    ("import", "{files}/again.jsonl"), ("duplicates", "undo", "c12", "c10"), ("undo", "4"), ("undo", "3"),
    ("forget", "--yes", "ann5@mail.example"), ("delete", "contacts", "c6", "--yes"), ("check",),
    ("check", "--repair", "--yes"), ("check",),
)  # fmt: skip
"""What a user may do before the damage is found, in this order."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> DamagedHome:
    files = tmp_path_factory.mktemp("files")
    home = DamagedHome(tmp_path_factory.mktemp("whole") / "home", files)
    home.fill()
    home.lines("again.jsonl", people("CTO"))
    return home


@contextmanager
def damaged(whole: DamagedHome, path: Path, kind: str, seed: str) -> Iterator[DamagedHome]:
    """A copy of a home that is damaged at one place, which a failure names."""
    home = DamagedHome(path, whole.files)
    shutil.copytree(whole.path, path)
    where = KINDS[kind](home.database, Random(f"{kind} {seed}"))
    try:
        yield home
    except BaseException as error:
        error.add_note(f"{kind} {seed}: {where}")
        raise
    finally:
        shutil.rmtree(path)
        shutil.rmtree(whole.files / "backup", ignore_errors=True)


@pytest.mark.parametrize("kind", KINDS)
def test_no_command_on_damage_ends_in_a_traceback(whole: DamagedHome, tmp_path: Path, seed: int, kind: str) -> None:
    outcomes = Counter[int]()
    for number in range(PLACES):
        with damaged(whole, tmp_path / "home", kind, f"{seed} {number}") as home:
            for words in COMMANDS:
                result = home.run(*(word.replace("{files}", str(whole.files)) for word in words))
                assert result.exit_code in (0, 1, 3), (words, result.output)
                outcomes[result.exit_code] += 1
    sys.stdout.write(f"{kind}: {dict(outcomes)}\n")


@pytest.mark.parametrize("kind", ["state", "cell"])
def test_undo_on_damage_restores_only_whole_states(whole: DamagedHome, tmp_path: Path, seed: int, kind: str) -> None:
    """What an undo writes is a state that the records had, or nothing. It names the records that it keeps, or the check
    reports the damage: a seq that was changed means that something else changed the record since."""
    before = whole.exported()
    undone = DamagedHome(tmp_path / "undone", whole.files)
    shutil.copytree(whole.path, undone.path)
    undos = (("duplicates", "undo", "c12", "c10"), ("undo", "4"), ("undo", "3"))
    valid, expected = set(before), list[str]()
    for words in undos:
        expected.append(undone.run(*words).stdout)
        valid |= undone.exported()
    for number in range(PLACES):
        with damaged(whole, tmp_path / "home", kind, f"undo {seed} {number}") as home:
            known = home.exported()
            is_reported = home.run("check").exit_code != 0
            is_told = [home.run(*words).stdout for words in undos] != expected
            found = home.exported()
            assert _timeless(found) <= _timeless(valid | known)
            assert is_reported or is_told or _timeless(found) == _timeless(undone.exported())


def test_document_with_a_wrong_letter_is_never_shown(whole: DamagedHome, tmp_path: Path, seed: int) -> None:
    """Each command builds its index of the damaged database. `test_malformed_documents` has an index from before."""
    exported, shown = whole.exported(), _shown(whole)
    for number in range(PLACES):
        with damaged(whole, tmp_path / "home", "document", f"letter {seed} {number}") as home:
            assert home.exported() < exported
            assert _shown(home) < shown
            assert home.run("check").exit_code == 1


def _shown(home: DamagedHome) -> set[str]:
    """The records of the pages of a search, and of all commands that show one."""
    found = set[str]()
    for kind in ("contacts", "companies"):
        result = home.run("search", kind, "--per-page", "50", "--json")
        found |= {json.dumps(record) for record in json.loads(result.stdout)["data"]}
    for id in (*(f"c{n}" for n in range(0, 40, 4)), *(f"f{n}.example" for n in range(10))):
        result = home.run("show", id, "--json")
        found |= {result.stdout} if result.exit_code == 0 else set()
    return found


def _timeless(lines: set[str]) -> set[str]:
    """Exported records without the times of their changes, which undoing a merge sets again."""
    return {line.partition('"updated_at":')[0] for line in lines}


def test_damaged_list_lets_no_forgotten_person_in(whole: DamagedHome, tmp_path: Path, seed: int) -> None:
    row = whole.lines("forgotten.jsonl", [{"id": "x1", "full_name": "Ann Number20", "emails": ["ann20@mail.example"]}])
    for number in range(PLACES):
        with damaged(whole, tmp_path / "home", "forgotten", f"list {seed} {number}") as home:
            result = home.run("import", row)
            assert (result.exit_code, "ann20@mail.example" in home.run("export", "contacts").stdout) in (
                (0, False), (3, False),
            )  # fmt: skip
