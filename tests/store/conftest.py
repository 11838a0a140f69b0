"""A store whose file tests remove and replace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.identity.patches import ContactPatch
from letrics.store.base import Store
from tests.default_backends import open_store


def fill(path: Path, *ids: str) -> Store:
    store = open_store(path)
    store.put_contacts([ContactPatch(company="a.example", external_id=id, full_name=f"Jo {id}") for id in ids])
    return store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "letrics.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with fill(path, "old1", "old2") as opened:
        yield opened


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another database: closed, with all data in one file."""
    fill(tmp_path / "other.db", "new1", "new2", "new3").close()
    return tmp_path / "other.db"
