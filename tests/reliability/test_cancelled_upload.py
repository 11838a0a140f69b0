"""An import of an upload that is cancelled leaves whole batches."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.upload import Server, measure_cancel, write_contacts

BYTES, BATCH = 2_000_000, 100


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    made.mkdir()
    (made / "letrics.toml").write_text(f"batch_size = {BATCH}\n")
    return made


@pytest.mark.slow
def test_cancelled_upload_leaves_whole_batches(home: Path, tmp_path: Path) -> None:
    rows = write_contacts(tmp_path / "people.csv", BYTES)
    server = Server(home)
    try:
        found = measure_cancel(server, tmp_path / "people.csv", rows)
    finally:
        server.stop()
    assert (found["status"], found["found"], found["left"]) == ("cancelled", found["kept"], 0)
    assert 0 < found["kept"] < rows
    assert found["kept"] % BATCH == 0
