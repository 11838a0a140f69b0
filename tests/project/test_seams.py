"""Tests name no store and no engine, except that one's own tests and the matrix: all others ask the interfaces."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "letrics"
EVERY_BACK_END = ("tests/matrix/", "tests/default_backends.py", "tests/backends/")
"""Where tests may name each of them."""
SHARED = {
    "store/tables": ("store/sqlite", "store/postgres", "store/copying"),
    "store/copying": ("store/sqlite", "store/postgres"),
    "engines/common": ("engines/bitmap", "engines/opensearch"),
}
"""What several stores or engines share. Its tests run on one of these, and name it; theirs name what they share."""


@cache
def implementations() -> dict[str, tuple[str, ...]]:
    """The modules of each store and each engine, with the folders of its own tests."""
    found = {}
    for room in ("store", "engines"):
        for folder in sorted((PACKAGE / room).iterdir()):
            if (folder / "__init__.py").exists():
                own = (f"tests/{room}/{folder.name}/", *_shared(f"{room}/{folder.name}"))
                found[f"letrics.{room}.{folder.name}"] = own
                found[f"letrics.backends.{folder.name}"] = own
    return found


def _shared(name: str) -> tuple[str, ...]:
    """The folders of tests of the users of what is shared, and those of what a store or an engine uses."""
    used = (shared for shared, users in SHARED.items() if name in users)
    return tuple(f"tests/{other}/" for other in (*SHARED.get(name, ()), *used))


def imported(source: str) -> Iterator[str]:
    """The modules that a source file imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def crossings(path: str, source: str) -> list[str]:
    """The imports of a test file that cross a seam."""
    found, names = [], list(imported(source))
    for module, own in implementations().items():
        if not path.startswith((*own, *EVERY_BACK_END)):
            found += [name for name in names if f"{name}.".startswith(f"{module}.")]
    return found


def test_implementations_are_found() -> None:
    known = implementations()
    assert known["letrics.store.sqlite"] == ("tests/store/sqlite/", "tests/store/tables/", "tests/store/copying/")
    assert known["letrics.engines.bitmap"] == known["letrics.backends.bitmap"]
    assert known["letrics.engines.bitmap"] == ("tests/engines/bitmap/", "tests/engines/common/")


@pytest.mark.parametrize(
    "line",
    [
        "import letrics.store.sqlite",
        "from letrics.store.sqlite import SqliteStore",
        "from letrics.store import sqlite",
        "from letrics.engines.bitmap.costs import Costs",
        "from letrics.backends import bitmap",
        "def test():\n    from letrics.backends.sqlite import SqliteBackend",
    ],
)
def test_crossing_is_seen_outside_of_its_own_tests(line: str) -> None:
    assert crossings("tests/api/test_search.py", line)
    assert not crossings("tests/matrix/stores.py", line)


def test_tests_cross_no_seam() -> None:
    found = {}
    for file in sorted((ROOT / "tests").rglob("*.py")):
        path = file.relative_to(ROOT).as_posix()
        if names := crossings(path, file.read_text("utf-8")):
            found[path] = names
    assert found == {}
