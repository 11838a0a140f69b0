"""An import that is killed, at any moment, leaves whole batches only; running it again finishes the job."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from pathlib import Path

import pytest

from benchmarks.generate import generate
from letrics.store.sqlite import SqliteStore
from tests.reliability.running import letrics, start

COMPANIES, CONTACTS, BATCH = 1_500, 6_000, 250
KILLS, LIVES = 30, 10


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Companies and contacts that say every time themselves, so that two imports of them are the same."""
    out = tmp_path_factory.mktemp("data")
    return list(generate(out, COMPANIES, CONTACTS, seed=1, titles=None))


def counts(home: Path) -> tuple[int, int]:
    store = SqliteStore.open(home / "letrics.db", create=False)
    told = store.counts()
    store.close()
    return told.companies, told.contacts


def exported(home: Path) -> tuple[str, str]:
    """Every record, in the order of entry."""
    return letrics(home, "export", "companies"), letrics(home, "export", "contacts")


def check_whole(home: Path) -> tuple[int, int]:
    """Only whole batches are there; returns how many of each kind."""
    if not (home / "letrics.db").exists():
        return 0, 0
    found = counts(home)
    assert found[0] % BATCH == 0 and found[1] % BATCH == 0, f"part of a batch: {found}"
    assert found[1] == 0 or found[0] == COMPANIES
    return found


@pytest.mark.slow
def test_killed_at_any_moment(files: list[Path], tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    undisturbed = tmp_path / "undisturbed"
    started = time.monotonic()
    told = json.loads(letrics(undisturbed, "import", *files, "--json", batch_size=BATCH))
    took = time.monotonic() - started
    writing = took - told["seconds"]  # from here on it writes; before, the program starts
    expected = exported(undisturbed)
    seen = set()
    for life in range(LIVES):
        home = tmp_path / f"life{life}"
        for _ in range(KILLS // LIVES):
            moment = rng.uniform(0.9 * writing, took)
            process = start(home, "import", *files, batch_size=BATCH)
            time.sleep(moment)
            process.kill()
            process.communicate()
            seen.add(check_whole(home))
        if check_whole(home) != (0, 0):
            letrics(home, "check")
        letrics(home, "import", *files, batch_size=BATCH)
        assert exported(home) == expected, f"life {life}: what a second run made differs"
    assert len(seen) > 3, f"the kills met only {seen}"


@pytest.mark.slow
def test_a_second_import_changes_nothing(files: list[Path], tmp_path: Path) -> None:
    letrics(tmp_path, "import", *files, batch_size=BATCH)
    with sqlite3.connect(f"file:{tmp_path / 'letrics.db'}?mode=ro", uri=True) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
    told = json.loads(letrics(tmp_path, "import", *files, "--json", batch_size=BATCH))
    assert (told["new"], told["changed"]) == (0, 0)
