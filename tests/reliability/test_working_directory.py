"""A working directory that holds modules named like those this program imports: none of them is ever run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from letrics.backends.bitmap import rebuild_command
from letrics.child import python_command, trusted_path
from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.following.rebuilder import Rebuilder
from letrics.engines.bitmap.index.bulk_load import load_log
from letrics.identity.patches import ContactPatch
from letrics.settings import Home
from tests.default_backends import open_store
from tests.reliability.running import PATIENCE, environment, until

NAMES = ("os", "json", "pickle", "letrics", "numpy", "apsw", "click", "fcntl", "ctypes", "sitecustomize")


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, and on the search path of every child that does not refuse it."""
    made = tmp_path / "hostile"
    made.mkdir()
    for name in NAMES:
        (made / f"{name}.py").write_text(
            f"open({str(made / 'ran')!r}, 'a').write('{name}\\n')\nraise SystemExit('{name} was imported')\n"
        )
    monkeypatch.chdir(made)
    monkeypatch.setenv("PYTHONPATH", str(made))
    monkeypatch.setenv("PYTHONSTARTUP", str(made / "os.py"))
    monkeypatch.syspath_prepend(str(made))
    monkeypatch.syspath_prepend("")
    return made


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home").make()
    with open_store(made.database) as store:
        store.put_contacts(
            [ContactPatch(company="one.example", external_id=f"c{n}", job_title="Head") for n in range(9)]
        )
    return made


def ran(hostile: Path) -> str:
    return (hostile / "ran").read_text() if (hostile / "ran").exists() else ""


def test_trusted_path_leaves_out_the_working_directory(hostile: Path) -> None:
    assert str(hostile) not in trusted_path() and "" not in trusted_path()


def test_python_command_finds_letrics_and_passes_arguments(hostile: Path) -> None:
    program = "import letrics, sys; print(letrics.__file__, *sys.argv[1:])"
    done = subprocess.run(python_command(program, "a", "b c"), capture_output=True, text=True, check=True)
    assert done.stdout.split(" ", 1) == [sys.modules["letrics"].__file__, "a b c\n"]
    assert ran(hostile) == ""


def test_renewal_imports_nothing_from_the_working_directory(hostile: Path, home: Home) -> None:
    rebuilder = Rebuilder(rebuild_command(home), home.snapshot)
    rebuilder.start()
    until(lambda: not rebuilder.running())
    assert home.snapshot.exists() and ran(hostile) == ""


def test_second_reader_imports_nothing_from_the_directory(hostile: Path, home: Home) -> None:
    with open_store(home.database) as store:
        columns, position = load_log(store, DEFAULT_COSTS, lambda _: None, shared=True)
        assert position.seq == store.position().seq and len(columns.contacts) == 9
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
