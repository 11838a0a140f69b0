"""Positions of followers, of this process and of one that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from letrics.engines.follower_positions import PositionFile, slowest_position

OTHER = """
import sys
from pathlib import Path
from letrics.engines.follower_positions import PositionFile
file = PositionFile(Path(sys.argv[1]))
file.put(int(sys.argv[2]))
print("ready", flush=True)
sys.stdin.read()
"""


def other_process(directory: Path, seq: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", OTHER, str(directory), str(seq)]
    process = subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


def test_slowest_of_all_live_processes_counts(tmp_path: Path) -> None:
    directory = tmp_path / "followers"
    assert slowest_position(directory) is None, "there is no directory"
    own = PositionFile(directory)
    own.remove()
    own.put(5)
    own.put(1 << 40)
    assert slowest_position(directory) == 1 << 40
    with other_process(directory, 7) as other:
        assert slowest_position(directory) == 7
        own.put(3)
        assert slowest_position(directory) == 3
        own.remove()
        assert slowest_position(directory) == 7
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert slowest_position(directory) is None
    assert list(directory.iterdir()) == [], "what a killed process left is removed"
    own.put(9)
    assert slowest_position(directory) == 9


def test_nothing_is_kept_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "followers").write_text("a file")
    own = PositionFile(tmp_path / "followers")
    own.put(5)
    assert slowest_position(tmp_path / "followers") is None
    own.remove()


@pytest.mark.parametrize("content", [b"", b"abc"])
def test_file_without_a_position_is_ignored(tmp_path: Path, content: bytes) -> None:
    own = PositionFile(tmp_path)
    own.put(5)
    os.truncate(next(tmp_path.iterdir()), len(content))
    assert slowest_position(tmp_path) is None


def test_links_are_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(bytes(8))
    (tmp_path / "followers").mkdir()
    (tmp_path / "followers" / "1.link").symlink_to(target)
    assert slowest_position(tmp_path / "followers") is None
    assert target.exists()
