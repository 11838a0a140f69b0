"""A working directory that holds modules named like those this program imports: none of them is ever run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from letrics.child import python_command, trusted_path
from letrics.settings import Home
from tests.reliability.running import PATIENCE, environment
from tests.reliability.working_directory import home, hostile, ran

__all__ = ["home", "hostile"]


def test_trusted_path_leaves_out_the_working_directory(hostile: Path) -> None:
    assert str(hostile) not in trusted_path() and "" not in trusted_path()


def test_python_command_finds_letrics_and_passes_arguments(hostile: Path) -> None:
    program = "import letrics, sys; print(letrics.__file__, *sys.argv[1:])"
    done = subprocess.run(python_command(program, "a", "b c"), capture_output=True, text=True, check=True)
    assert done.stdout.split(" ", 1) == [sys.modules["letrics"].__file__, "a b c\n"]
    assert ran(hostile) == ""


def test_commands_import_nothing_from_the_working_directory(hostile: Path, home: Home) -> None:
    rows = hostile / "rows.jsonl"
    rows.write_text(
        "".join(f'{{"id": "n{n}", "job_title": "Buyer", "company_domain": "two.example"}}\n' for n in range(3_000))
    )
    kept = {name: value for name, value in environment(home.path).items() if not name.startswith("PYTHON")}
    for arguments in (["import", "--kind", "contacts", str(rows)], ["search", "contacts"], ["check"]):
        command = [sys.executable, "-P", "-m", "letrics.cli", *arguments]
        done = subprocess.run(command, env=kept, capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr
    assert ran(hostile) == ""
