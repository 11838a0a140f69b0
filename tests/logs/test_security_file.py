"""The file of the security log."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from letrics.logs.security_file import OLDER_FILES, SecurityFile


def test_append_creates_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    file = SecurityFile(tmp_path / "security.log", 1000)
    file.append(b"one\n")
    (tmp_path / "security.log").chmod(0o644)
    file.append(b"two\n")
    assert (tmp_path / "security.log").read_bytes() == b"one\ntwo\n"
    assert (tmp_path / "security.log").stat().st_mode & 0o777 == 0o600


def test_append_replaces_a_large_file_and_drops_the_oldest(tmp_path: Path) -> None:
    file = SecurityFile(tmp_path / "security.log", 10)
    for number in range(15):
        file.append(b"line %5d\n" % number)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {f"security.log.{number}" for number in range(1, OLDER_FILES + 1)}
    assert (tmp_path / "security.log.1").read_bytes() == b"line    14\n"
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in tmp_path.iterdir())


def _append_many(path: Path, who: int) -> None:
    file = SecurityFile(path, 2_000)
    for number in range(50):
        file.append(b"%d %d %s\n" % (who, number, b"x" * 20))


def test_append_by_several_processes_loses_no_line(tmp_path: Path) -> None:
    path = tmp_path / "security.log"
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_append_many, args=(path, who)) for who in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    lines = [line for file in tmp_path.iterdir() for line in file.read_bytes().splitlines()]
    assert len({tuple(line.split()[:2]) for line in lines}) == len(lines) == 200
    assert all(line.endswith(b"x" * 20) for line in lines)


def test_append_refuses_a_link_and_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe"):
        with pytest.raises(OSError, match=name):
            SecurityFile(tmp_path / name, 1000).append(b"x\n")
    assert not (tmp_path / "elsewhere").exists()
