"""What killed processes leave, and what live ones use."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import signal
import tempfile
import time
from pathlib import Path

import pytest

from letrics.backends.leftovers import remove_leftovers, temporary_directory
from letrics.settings import Home
from tests.waiting import wait_for


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    made = Home(tmp_path / "home").make()
    made.snapshot.parent.mkdir()
    return made


def _use(name: str) -> None:
    with temporary_directory(name):
        time.sleep(60)


def test_temporary_directory_of_a_killed_process_is_removed(home: Home) -> None:
    temporary = Path(tempfile.gettempdir())
    with temporary_directory("metrics") as alive:
        process = multiprocessing.get_context("fork").Process(target=_use, args=("preview",))
        process.start()
        wait_for(lambda: list(temporary.glob("letrics-preview-*/locked")))
        assert remove_leftovers(home) == []
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        [removed] = remove_leftovers(home)
        assert removed.name.startswith("letrics-preview-") and list(temporary.iterdir()) == [alive]
    assert list(temporary.iterdir()) == []


def test_half_an_index_is_removed_unless_its_lock_is_held(home: Home) -> None:
    half = home.snapshot.with_name("bitmap.snapshot.123.new")
    for path in (half, home.snapshot):
        path.write_bytes(b"x")
    with home.snapshot.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert remove_leftovers(home) == []
    assert remove_leftovers(home) == [half]
    assert home.snapshot.exists() and not half.exists()


def test_things_of_others_and_new_ones_stay(home: Home) -> None:
    temporary = Path(tempfile.gettempdir())
    (temporary / "letrics-new-1").mkdir()
    (temporary / "elsewhere").mkdir()
    (temporary / "letrics-link-1").symlink_to(temporary / "elsewhere")
    (temporary / "letrics-file-1").touch()
    socket = home.engine_socket.with_name(".engine.sock.0a1b")
    socket.touch()
    assert remove_leftovers(home) == []
    later = time.time() + 7200
    assert {path.name for path in remove_leftovers(home, lambda: later)} == {socket.name, "letrics-new-1"}
    assert (temporary / "elsewhere").exists() and (temporary / "letrics-file-1").exists()


def test_home_in_the_directory_for_temporary_files_stays(home: Home) -> None:
    database = Path(tempfile.gettempdir()) / "letrics-my-home" / "letrics.db"
    database.parent.mkdir()
    database.write_bytes(b"records")
    assert remove_leftovers(home, lambda: time.time() + 7200) == []
    assert database.read_bytes() == b"records"


def test_remove_leftovers_without_a_home_does_nothing(tmp_path: Path, home: Home) -> None:
    assert remove_leftovers(Home(tmp_path / "missing")) == []
    assert not (tmp_path / "missing").exists()
