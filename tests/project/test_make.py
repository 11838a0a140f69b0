"""The scripts that build the environment say what is wrong and never harm what is not theirs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "make_venv.sh"


def _run(*arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": path or os.environ["PATH"]}
    environment.pop("PYTHON", None)
    return subprocess.run(["/bin/bash", str(SCRIPT), *arguments], env=environment, capture_output=True, text=True)


def _tools(tmp_path: Path, *names: str) -> Path:
    """A directory of a few programs, to be the whole PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in names:
        found = next(Path(part) / name for part in os.environ["PATH"].split(":") if (Path(part) / name).exists())
        (folder / name).symlink_to(found)
    return folder


def test_scripts_may_be_run_and_stop_at_the_first_failure() -> None:
    for script in (SCRIPT, ROOT / ".ci" / "run"):
        assert os.access(script, os.X_OK)
        assert "\nset -euo pipefail\n" in script.read_text("utf-8")
        assert subprocess.run(["/bin/bash", "-n", str(script)], capture_output=True).stderr == b""


def test_without_a_python_the_command_that_mends_it_is_printed(tmp_path: Path) -> None:
    done = _run(str(tmp_path / "env"), path=str(_tools(tmp_path, "mktemp", "rm", "cat", "ls")))
    assert done.returncode == 3
    assert "apt-get install -y python3 python3-venv" in done.stderr
    assert not (tmp_path / "env").exists()


def test_without_venv_the_command_that_mends_it_is_printed(tmp_path: Path) -> None:
    tools = _tools(tmp_path, "mktemp", "rm", "cat", "ls")
    crippled = tools / "python3"
    crippled.write_text(
        '#!/bin/sh\ncase "$*" in\n*version_info\\)\\)*) echo 3.11 ;;\n*version_info*) exit 0 ;;\n'
        '"-m venv"*) echo "ensurepip is not available" >&2; exit 1 ;;\n*) exit 1 ;;\nesac\n'
    )
    crippled.chmod(0o755)
    done = _run(str(tmp_path / "env"), path=str(tools))
    assert done.returncode == 3
    assert "ensurepip is not available" in done.stderr
    assert "apt-get install -y python3-venv python3.11-venv" in done.stderr


def test_a_directory_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = _run(str(tmp_path))
    assert done.returncode == 2
    assert "something other than a virtual environment" in done.stderr
    assert (tmp_path / "mine.txt").read_text() == "mine"
