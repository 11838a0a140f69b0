"""A server that is killed while it receives or imports a file leaves whole batches, and no files."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.upload import Server, measure_cancel, measure_kill, write_contacts

BYTES, BATCH = 2_000_000, 100


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    made.mkdir()
    (made / "letrics.toml").write_text(f"batch_size = {BATCH}\n")
    return made


@pytest.mark.slow
def test_killed_server_leaves_whole_batches_and_no_file(home: Path, tmp_path: Path) -> None:
    rows = write_contacts(tmp_path / "people.csv", BYTES)
    found = measure_kill(home, tmp_path / "people.csv", rows)
    assert found["received_bytes_left"] > 0
    assert (found["bytes_after_restart"], found["imports_after_restart"]) == (0, 0)
    alone = found["server"]
    assert (alone["at_end"], alone["found"]) == ({"status": "done", "interrupted": False, "kept": rows}, rows)
    assert found["undone"]["left"] == 0
    both = found["server_and_import"]
    assert both["after_restart"]["interrupted"]
    assert both["found"] % BATCH == 0
    assert both["bytes_left"] == alone["bytes_left"] == 0
    again = found["again"]
    assert (again["status"], again["found"], again["changes"]["new"]) == ("done", rows, rows - both["found"])


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
