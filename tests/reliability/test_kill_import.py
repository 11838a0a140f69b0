"""An import that is killed, at any moment, leaves whole batches only; running it again finishes the job."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from benchmarks.generate import generate
from letrics.store.base import StoreAway
from tests.default_backends import open_store
from tests.reliability.running import PATIENCE, letrics, start

COMPANIES, CONTACTS, BATCH = 1_500, 6_000, 250
KILLS, LIVES = 30, 5


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Companies and contacts that say every time themselves, so that two imports of them are the same."""
    out = tmp_path_factory.mktemp("data")
    return list(generate(out, COMPANIES, CONTACTS, seed=1))


def counts(home: Path) -> tuple[int, int]:
    try:
        store = open_store(home / "letrics.db", create=False)
    except StoreAway:  # begun, and not yet a database
        return 0, 0
    try:
        told = store.counts()
    finally:
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


def kill_when(process: subprocess.Popen[str], home: Path, records: int, delay: float) -> None:
    """Kill the import `delay` seconds after it has written `records`, unless it ends before."""
    patience = time.monotonic() + PATIENCE
    while records and process.poll() is None and time.monotonic() < patience:
        if (home / "letrics.db").exists() and sum(counts(home)) >= records:
            break
        time.sleep(0.002)
    time.sleep(delay)
    process.kill()
    process.communicate()


@pytest.mark.slow
def test_killed_at_any_moment(files: list[Path], tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    undisturbed = tmp_path / "undisturbed"
    letrics(undisturbed, "import", *files, batch_size=BATCH)
    expected = exported(undisturbed)
    seen = set()
    for life in range(LIVES):
        home = tmp_path / f"life{life}"
        # By what is written, not by the clock, so that the moments are spread on any machine.
        for records in sorted(rng.choices(range(0, COMPANIES + CONTACTS, BATCH), k=KILLS // LIVES)):
            process = start(home, "import", *files, batch_size=BATCH)
            kill_when(process, home, records, rng.uniform(0, 0.02 if records else 0.5))
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
