"""The log at a path, as a server process reads it after its file was replaced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.store.base import Position, Store, StoreAway, StoreReplaced
from letrics.store.current import CurrentStore
from tests.default_backends import open_store


class TestCurrentStore:
    @pytest.fixture
    def positions(self) -> list[Position | None]:
        return [None]

    @pytest.fixture
    def current(self, store: Store, path: Path, positions: list[Position | None]) -> Iterator[CurrentStore]:
        positions[0] = store.position()
        made = CurrentStore(lambda: open_store(path, create=False), lambda: positions[0])
        yield made
        made.close()

    def test_a_replacement_is_refused_until_the_index_is_of_it(
        self, current: CurrentStore, positions: list[Position | None], store: Store, path: Path, other: Path
    ) -> None:
        assert current.documents("contacts", [0], positions[0])[0] is not None
        other.replace(path)
        for _ in range(3):
            with pytest.raises(StoreReplaced):
                current.find("contacts", "new1")
        positions[0] = None  # the index is being rebuilt
        assert current.find("contacts", "new1") is not None and current.counts().contacts == 3
        with pytest.raises(StoreReplaced):  # for a page found in the old index
            current.documents("contacts", [0], Position("another", 3, "batch"))
        positions[0] = current.position()
        assert current.documents("contacts", [0], positions[0])[0] is not None

    def test_a_removed_file_is_not_created_again(self, current: CurrentStore, path: Path, tmp_path: Path) -> None:
        assert current.counts().contacts == 2
        path.rename(tmp_path / "away.db")
        for _ in range(2):
            with pytest.raises(StoreAway):
                current.counts()
        assert not path.exists()
        (tmp_path / "away.db").rename(path)
        assert current.counts().contacts == 2
