"""What makes a naive engine follow a log."""

from __future__ import annotations

from letrics.engines.base import LoadProgress
from letrics.store.base import Position, Store
from tests.naive.engine import NaiveEngine
from tests.naive.records import Records


class NaiveTarget:
    """Keeps `engine` up to date; see FollowerTarget. `changes` is how many changes it applies at a time."""

    def __init__(self, engine: NaiveEngine, changes: int = 1000) -> None:
        self._engine = engine
        self._changes = changes

    def position(self) -> Position | None:
        """See FollowerTarget."""
        records = self._engine.records
        return None if records is None else records.position

    def load(self, store: Store) -> bool:
        """See FollowerTarget."""
        records = self._engine.records
        if records is not None and store.has_batch(records.position):
            return False
        self._engine.records = Records.of_log(store)
        return True

    def apply(self, store: Store) -> bool:
        """See FollowerTarget."""
        records = self._engine.records
        if records is None:
            return self.load(store)
        try:
            changes = store.changes(records.position.seq, self._changes)
        except LookupError:  # deletions since then are no longer stored
            self._engine.records = Records.of_log(store)
            return True
        if changes is None:
            return False
        self._engine.records = records.with_changes(changes)
        return True

    def suspend(self) -> None:
        """See FollowerTarget."""
        self._engine.records = None

    def close(self) -> None:
        """See FollowerTarget. No call takes long."""


class FollowedNaiveEngine:
    """A naive engine; see FollowedEngine."""

    def __init__(self, engine: NaiveEngine) -> None:
        self.engine = engine

    def load(self, store: Store, progress: LoadProgress | None = None) -> None:
        """See FollowedEngine."""
        if progress is not None:
            progress("reading records", 0, 0)
        target = self.target()
        target.load(store)
        while target.apply(store):
            pass

    def suspend(self) -> None:
        """See FollowedEngine."""
        self.engine.close()

    def target(self) -> NaiveTarget:
        """See FollowedEngine."""
        return NaiveTarget(self.engine)

    def verify(self, store: Store, sample: int | None = None) -> list[str]:
        """See FollowedEngine."""
        self.load(store)
        return [] if self.engine.records == Records.of_log(store) else ["the records differ from those of the log"]
