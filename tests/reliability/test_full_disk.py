"""A full disk, and an I/O error, at writes and syncs of an import with its index, of accounts, and of a backup.

DISK_POINTS in the environment is the number of points of each; 0, as in `make reliability`, tries every one.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.reliability.running import environment

POINTS: Final = int(os.environ.get("DISK_POINTS", "3"))
HERE: Final = Path(__file__).parent


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO], ids=["full", "I/O error"])
def test_failing_disk_tears_no_batch(tmp_path: Path, error: int) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler (cc), which the library that makes writes fail needs")
    library = tmp_path / "failing_disk.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, HERE / "failing_disk.c", "-ldl"], check=True)
    (tmp_path / "homes").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.reliability.failing_disk", tmp_path / "homes", str(error), str(POINTS)],
        env={**environment(), "LD_PRELOAD": str(library)}, cwd=HERE.parents[1], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    sys.stdout.write(done.stdout)
