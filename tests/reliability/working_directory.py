"""A working directory whose modules must never run, and a home with a few records."""

from __future__ import annotations

from pathlib import Path

import pytest

from letrics.identity.patches import ContactPatch
from letrics.settings import Home
from tests.default_backends import open_store

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
