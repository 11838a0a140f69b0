"""Processes that are killed at random moments lose nothing. `KILLS=500` kills 500 of them, instead of a few.

Each kind of work is killed as often as the others, in SQLite and in PostgreSQL. Homes are shared: what one kind leaves
is what the next one works with.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.generate import generate
from tests.reliability.killing import BATCH, MOMENTS, KilledHome
from tests.reliability.running import PATIENCE, letrics, run_here, start
from tests.servers.postgres import new_database

COMPANIES, CONTACTS = 300, 1_200
KINDS = 5
"""Imports, saving the index, rebuilding it, uploads, and undoing."""
EACH = int(os.environ.get("KILLS", "0")) // (2 * KINDS)
"""The number of kills of each kind in each database; 0 in continuous integration, which has one or none."""
PER_HOME = 10
"""The largest number of kills of a kind in one home."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Companies and contacts that say every time themselves, so that two imports of them are the same."""
    return list(generate(tmp_path_factory.mktemp("data"), COMPANIES, CONTACTS, seed=1))


@pytest.fixture(scope="module")
def expected(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """What an import that is not killed stores."""
    home = KilledHome(tmp_path_factory.mktemp("undisturbed") / "home", "", files, random.Random(0))
    home.import_files()
    return home.exported()


def rounds(of_each: int) -> Iterator[int]:
    """The kills of each kind in each home."""
    for done in range(0, of_each, PER_HOME):
        yield min(PER_HOME, of_each - done)


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_killed_processes_lose_nothing(
    database: str, files: list[Path], expected: list[list[str]], tmp_path: Path, seed: int
) -> None:
    rng = random.Random(f"{seed}:{database}")
    for life, kills in enumerate(rounds(EACH or 1)):
        url = new_database() if database == "postgres" else ""
        home = KilledHome(tmp_path / f"home{life}", url, files, rng)
        others = kills if EACH or database == "sqlite" else 0
        try:
            kill_all(home, rng, kills, others, expected)
        finally:
            home.close()


def kill_all(home: KilledHome, rng: random.Random, kills: int, others: int, expected: list[list[str]]) -> None:
    """Kill imports and undoing `kills` times, and everything else `others` times."""
    for records in sorted(rng.choices(range(0, home.total, BATCH), k=kills)):
        home.kill_import(records)
    home.import_files()
    assert home.exported() == expected
    after = max(home.undoable(0), default=0)
    if others:
        seconds = home.rebuild()
    for _ in range(others):
        home.kill_saving(rng.uniform(0, 0.02))
        home.kill_rebuild(rng.uniform(0, seconds))
    for _ in range(others):
        home.kill_upload(rng.choice(MOMENTS))
    if others:
        home.check()
    home.close()
    first = after if others else 0
    for _ in range(kills):
        home.kill_undo(home.undoable(first), rng.uniform(0, 0.05))
    home.undo(home.undoable(first))
    if others:
        assert home.exported() == expected
    else:
        assert home.counts() == (0, 0)
    home.check()


@pytest.mark.slow
def test_a_second_import_changes_nothing(files: list[Path], tmp_path: Path) -> None:
    run_here(tmp_path, "import", *files, batch_size=BATCH)
    with closing(sqlite3.connect(f"file:{tmp_path / 'letrics.db'}?mode=ro", uri=True)) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
    told = json.loads(run_here(tmp_path, "import", *files, "--json", batch_size=BATCH))
    assert (told["new"], told["changed"]) == (0, 0)


@pytest.mark.slow
def test_imports_at_the_same_time_are_one_after_the_other(files: list[Path], tmp_path: Path) -> None:
    url = new_database()
    run_here(tmp_path, "import", files[0], database=url)
    homes = [tmp_path / name for name in ("one", "two", "three")]
    running = [start(home, "import", files[1], "--json", batch_size=BATCH, database=url) for home in homes]
    reports = []
    for process in running:
        out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, err
        reports.append(json.loads(out))
    assert sum(report["new"] for report in reports) == CONTACTS
    assert all(report["new"] + report["changed"] + report["unchanged"] == CONTACTS for report in reports)
    letrics(tmp_path, "check", database=url)
