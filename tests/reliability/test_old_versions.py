"""Homes that released versions wrote: this version upgrades them, loses nothing, and goes back."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.verifier import Verifier
from letrics.store.connection import open_sqlite
from tests.cli.conftest import Run, home, run

__all__ = ["home", "run"]

_FILES = Path(__file__).parents[1] / "old_files"


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of a database file."""
    connection = open_sqlite(path, create=False, read_only=True)
    try:
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
        return {str(name): connection.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in names}
    finally:
        connection.close()


@pytest.mark.parametrize("version", sorted(path.name.removesuffix(".tar.xz") for path in _FILES.glob("*.tar.xz")))
def test_home_of_a_released_version_is_upgraded_and_back(run: Run, home: Path, version: str) -> None:
    with tarfile.open(_FILES / f"{version}.tar.xz") as packed:
        packed.extractall(home, filter="data")
    before = {name: contents(home / name) for name in ("letrics.db", "accounts.db")}

    done = json.loads(run("upgrade", "--json").stdout)
    assert done["upgraded"]
    found = json.loads(run("search", "contacts", "--filter", '{"job_titles": ["manager"]}', "--json").stdout)
    assert [contact["id"] for contact in found["data"]] == ["1"] and found["meta"]["total"] == 1
    everything = json.loads(run("search", "contacts", "--json").stdout)
    assert [contact["emails"][0]["value"] for contact in everything["data"]] == ["ada@acme.example", "bo@acme.example"]
    assert json.loads(run("search", "companies", "--json").stdout)["meta"]["total"] == 2
    assert "agree on 2 companies and 2 contacts" in run("check").stdout
    admins, others = (home / "tokens.txt").read_text().split()
    with AccountsDatabase(home / "accounts.db", create=False) as accounts:
        assert Verifier(accounts).verify(admins).may("write")
        assert Verifier(accounts).verify(others).may("read")

    run("upgrade", "--back", Path(done["copies"]).name)
    assert {name: contents(home / name) for name in before} == before
