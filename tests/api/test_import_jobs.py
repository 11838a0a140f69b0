"""What is left of uploads whose server or process was killed."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from letrics.api.import_jobs import ImportJobs, JobFailed, RefusedUpload, UnknownUpload

ANNOUNCING = (sys.executable, "-c", """print('{"import": 7}')""")
"""The command of an import that begins, and ends at once."""


def begun() -> subprocess.Popen[str]:
    """A process that looks like an import, and runs until it is stopped."""
    words = (sys.executable, "-c", "print(flush=True); input()", "--announce")
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def start_time(process: int) -> str:
    stat = Path(f"/proc/{process}/stat")
    return stat.read_text().rpartition(")")[2].split()[19] if stat.exists() else "1"


def directory(home: Path, name: str, process: int | None = None, announced: str | None = None) -> Path:
    """The directory of an upload, as a server leaves it that is killed."""
    made = home / "uploads" / name
    (made / "file").mkdir(parents=True)
    for file in ("file/people.csv", "rejects.jsonl", "printed"):
        (made / file).write_text("ann@people.example")
    if process is not None:
        (made / "process").write_text(str(process))
        (made / "started").write_text(start_time(process))
    if announced is not None:
        (made / "announced").write_text(announced)
    return made


def names(home: Path) -> set[str]:
    return {path.name for path in (home / "uploads").iterdir()}


def ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_partial_file_of_a_killed_server_is_removed(tmp_path: Path) -> None:
    directory(tmp_path, "receiving-1")
    ImportJobs(tmp_path).sweep()
    assert names(tmp_path) == set()


def test_file_that_another_server_receives_stays(tmp_path: Path) -> None:
    with ImportJobs(tmp_path).receiving() as (upload, path):
        (path / "people.csv").write_text("x")
        ImportJobs(tmp_path).sweep()
        with pytest.raises(UnknownUpload):
            ImportJobs(tmp_path).find_file(upload)
        assert names(tmp_path) == {f"receiving-{upload}"}
    assert ImportJobs(tmp_path).find_file(upload).read_text() == "x"


def test_file_whose_receiving_fails_is_removed(tmp_path: Path) -> None:
    with pytest.raises(ConnectionError), ImportJobs(tmp_path).receiving():
        raise ConnectionError
    assert names(tmp_path) == set()


def test_file_of_an_ended_import_is_removed(tmp_path: Path) -> None:
    made = directory(tmp_path, "7", ended_process(), '{"import": 7}\n')
    ImportJobs(tmp_path).sweep()
    assert [path.name for path in made.iterdir()] == ["rejects.jsonl"]


def test_file_of_an_ended_import_is_removed_last(tmp_path: Path) -> None:
    made = directory(tmp_path, "7")
    (made / "printed").unlink()  # a server was killed while it removed the files
    ImportJobs(tmp_path).sweep()
    assert [path.name for path in made.iterdir()] == ["rejects.jsonl"]


def test_import_of_a_killed_server_runs_on_and_can_stop(tmp_path: Path) -> None:
    process = begun()
    made = directory(tmp_path, "7", process.pid)
    jobs = ImportJobs(tmp_path)
    jobs.sweep()
    assert (made / "file" / "people.csv").exists()
    assert jobs.running() == {7: process.pid}
    assert jobs.cancel(7)
    process.communicate()
    assert (jobs.running(), jobs.cancel(7)) == ({}, False)


def test_import_with_the_process_id_of_another_has_ended(tmp_path: Path) -> None:
    process = begun()
    made = directory(tmp_path, "7", process.pid)
    (made / "started").write_text("1")
    jobs = ImportJobs(tmp_path)
    assert (jobs.running(), jobs.is_running(7), jobs.cancel(7)) == ({}, False, False)
    jobs.sweep()
    assert [path.name for path in made.iterdir()] == ["rejects.jsonl"]
    assert process.poll() is None
    end(process)


@pytest.mark.parametrize("runs", [True, False])
def test_import_that_began_without_its_server_is_kept(tmp_path: Path, runs: bool) -> None:
    process = begun()
    if not runs:
        end(process)
    directory(tmp_path, "starting-1", process.pid, '{"import": 7}\n')
    jobs = ImportJobs(tmp_path)
    assert (7 in jobs.running(), jobs.is_running(7), jobs.is_running(8)) == (runs, runs, False)
    jobs.sweep()
    assert names(tmp_path) == {"7"}
    assert (7 in jobs.running(), jobs.is_running(7), jobs.is_running(8)) == (runs, runs, False)
    jobs.sweep()
    assert (tmp_path / "uploads" / "7" / "file").exists() == runs
    end(process)


@pytest.mark.parametrize("announced", ["", '{"impo'])
def test_import_that_did_not_begin_is_removed_after_its_end(tmp_path: Path, announced: str) -> None:
    process = begun()
    directory(tmp_path, "starting-1", process.pid, announced)
    ImportJobs(tmp_path).sweep()
    assert names(tmp_path) == {"starting-1"}
    end(process)
    ImportJobs(tmp_path).sweep()
    assert names(tmp_path) == set()


def test_start_waits_for_a_lock_held_for_a_moment(tmp_path: Path) -> None:
    jobs = ImportJobs(tmp_path, command=ANNOUNCING)
    with jobs.receiving() as (upload, path):
        (path / "people.csv").write_text("x")
    descriptor = os.open(tmp_path / "uploads" / f"new-{upload}", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    threading.Timer(0.2, os.close, [descriptor]).start()
    assert jobs.start(upload, []) == 7
    jobs.wait()


def test_sweep_removes_what_is_new_after_a_day(tmp_path: Path) -> None:
    for name in ("new-1", "making-1", "receiving-1", "new-2", "making-2"):
        made = directory(tmp_path, name)
        if name.endswith("1"):
            os.utime(made, (0, 0))
    ImportJobs(tmp_path).sweep()
    assert names(tmp_path) == {"new-2", "making-2"}


def test_preview_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    jobs = ImportJobs(tmp_path, (sys.executable, "-c", "import time; time.sleep(60)"), preview_seconds=0.2)
    with jobs.receiving() as (upload, path):
        (path / "people.csv").write_text("x")
    with pytest.raises(RefusedUpload, match=r"takes longer than 0\.2 seconds"):
        jobs.preview(upload, [])
    assert jobs.find_file(upload).read_text() == "x"


@pytest.mark.parametrize(
    ("said", "refused"),
    [("letrics: people.json: the file is truncated", True), ("Traceback (most recent call last)\nKeyError: 7", False)],
)
def test_crash_of_a_preview_is_not_a_refused_file(tmp_path: Path, said: str, refused: bool) -> None:
    program = f"import sys; sys.stderr.write({said!r}); sys.exit(1)"
    jobs = ImportJobs(tmp_path, (sys.executable, "-c", program))
    with jobs.receiving() as (upload, file):
        (file / "people.json").write_text("[")
    with pytest.raises(RefusedUpload if refused else JobFailed):
        jobs.preview(upload, [])
