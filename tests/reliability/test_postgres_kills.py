"""Imports into PostgreSQL that are killed, or run at the same time, leave whole batches and no lock."""

from __future__ import annotations

import json
import os
import random
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from benchmarks.generate import generate
from letrics.backends import open_backends
from letrics.settings import Home, Settings
from letrics.store.base import StoreAway
from tests.reliability.running import PATIENCE, letrics, start
from tests.servers.postgres import new_database

COMPANIES, CONTACTS, BATCH = 500, 3_000, 250
KILLS = 8


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Companies and contacts that say every time themselves, so that two imports of them are the same."""
    return list(generate(tmp_path_factory.mktemp("data"), COMPANIES, CONTACTS, seed=1))


def counts(url: str) -> tuple[int, int]:
    with suppress(StoreAway), open_backends(Home(Path()), Settings(database=url)).store.open() as store:
        found = store.counts()
        return found.companies, found.contacts
    return 0, 0  # the tables are not there yet


def exported(home: Path, url: str) -> tuple[set[str], set[str]]:
    """Every record."""
    texts = (letrics(home, "export", kind, database=url) for kind in ("companies", "contacts"))
    companies, contacts = (set(text.splitlines()) for text in texts)
    return companies, contacts


def kill_when(process: subprocess.Popen[str], url: str, records: int, delay: float) -> None:
    """Kill the import `delay` seconds after it has written `records`, unless it ends before."""
    patience = time.monotonic() + PATIENCE
    while records and process.poll() is None and time.monotonic() < patience:
        if sum(counts(url)) >= records:
            break
        time.sleep(0.01)
    time.sleep(delay)
    process.kill()
    process.communicate()


@pytest.mark.slow
@pytest.mark.skipif("FAILOVERS" not in os.environ, reason="killing imports takes long: make reliability")
def test_import_that_is_killed_leaves_whole_batches(files: list[Path], tmp_path: Path, seed: int) -> None:
    rng, url, undisturbed = random.Random(seed), new_database(), new_database()
    letrics(tmp_path, "import", *files, batch_size=BATCH, database=undisturbed)
    for records in sorted(rng.choices(range(0, COMPANIES + CONTACTS, BATCH), k=KILLS)):
        process = start(tmp_path, "import", *files, batch_size=BATCH, database=url)
        kill_when(process, url, records, rng.uniform(0, 0.1 if records else 0.7))
        found = counts(url)
        assert found[0] % BATCH == 0 and found[1] % BATCH == 0, f"part of a batch: {found}"
    letrics(tmp_path, "import", *files, batch_size=BATCH, database=url)
    letrics(tmp_path, "check", database=url)
    assert exported(tmp_path, url) == exported(tmp_path, undisturbed)


@pytest.mark.slow
def test_imports_at_the_same_time_are_one_after_the_other(files: list[Path], tmp_path: Path) -> None:
    url = new_database()
    letrics(tmp_path, "import", files[0], database=url)
    homes = [tmp_path / name for name in ("one", "two", "three")]
    running = [start(home, "import", files[1], "--json", batch_size=BATCH, database=url) for home in homes]
    reports = []
    for process in running:
        out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, err
        reports.append(json.loads(out))
    assert sum(report["new"] for report in reports) == CONTACTS == counts(url)[1]
    assert all(report["new"] + report["changed"] + report["unchanged"] == CONTACTS for report in reports)
    letrics(tmp_path, "check", database=url)
