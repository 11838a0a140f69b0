"""The log as a server process reads it: reopened after its file was replaced."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from letrics.identity.encoded_patches import EncodedCompany, EncodedContact
from letrics.identity.keys import Key
from letrics.identity.patches import CompanyPatch, ContactPatch, Tally
from letrics.records import Kind
from letrics.store.base import (
    Counts,
    FoundDocuments,
    Position,
    Reader,
    StoreDescription,
    StoredRecord,
    StoreRemoved,
    StoreReplaced,
)
from letrics.store.forgotten_list import Erasures, ForgottenDay
from letrics.store.import_record import ImportEffect, ImportRecord
from letrics.store.name_changes import Judge

_Result = TypeVar("_Result")


class CurrentStore(Reader):
    """Reads the log that is currently at a path, provided that the index was built from it.

    `position` returns the position of the index, or None while the index is not ready. While the index was built from
    another log, every method raises StoreReplaced. Used by one thread.
    """

    def __init__(self, open_store: Callable[[], Reader], position: Callable[[], Position | None]) -> None:
        self._open_store = open_store
        self._position = position
        self._store: Reader | None = None

    def documents(self, kind: Kind, nums: Sequence[int], known_at: Position | None = None) -> list[bytes | None]:
        return self._read(lambda store: store.documents(kind, nums, known_at))

    def found_documents(self, kind: Kind, nums: Sequence[int], found_at: Position | None) -> FoundDocuments:
        return self._read(lambda store: store.found_documents(kind, nums, found_at))

    def find(self, kind: Kind, id: str) -> StoredRecord | None:
        return self._read(lambda store: store.find(kind, id))

    def position(self) -> Position:
        return self._read(lambda store: store.position())

    def has_batch(self, position: Position) -> bool:
        return self._read(lambda store: store.has_batch(position))

    def counts(self) -> Counts:
        return self._read(lambda store: store.counts())

    def digests(self, keys: Collection[Key]) -> dict[int, int]:
        return self._read(lambda store: store.digests(keys))

    def describe(self) -> StoreDescription:
        return self._read(lambda store: store.describe())

    def preview_companies(self, patches: Sequence[CompanyPatch | EncodedCompany], judge: Judge | None = None) -> Tally:
        return self._read(lambda store: store.preview_companies(patches, judge))

    def preview_contacts(
        self, patches: Sequence[ContactPatch | EncodedContact | EncodedCompany], judge: Judge | None = None
    ) -> Tally:
        return self._read(lambda store: store.preview_contacts(patches, judge))

    def find_people(self, identity: str) -> list[int]:
        return self._read(lambda store: store.find_people(identity))

    def imports_of(self, num: int) -> list[tuple[int, ImportEffect]]:
        return self._read(lambda store: store.imports_of(num))

    def former_ids(self, num: int) -> list[str]:
        return self._read(lambda store: store.former_ids(num))

    def mentions_forgotten(self, texts: Sequence[str]) -> list[bool]:
        return self._read(lambda store: store.mentions_forgotten(texts))

    def forgotten_days(self) -> list[ForgottenDay]:
        return self._read(lambda store: store.forgotten_days())

    def erasures(self) -> Erasures:
        return self._read(lambda store: store.erasures())

    def imports(self, limit: int = 100, before: int | None = None, upserts: bool = True) -> list[ImportRecord]:
        return self._read(lambda store: store.imports(limit, before, upserts))

    def find_import(self, id: int) -> ImportRecord:
        return self._read(lambda store: store.find_import(id))

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None

    def _read(self, read: Callable[[Reader], _Result]) -> _Result:
        try:
            return read(self._opened())
        except StoreRemoved:
            raise
        except StoreReplaced:
            self.close()
            raise

    def _opened(self) -> Reader:
        if self._store is None:
            self._store = self._open_store()
            position = self._position()
            if position is not None and not self._store.has_batch(position):
                raise StoreReplaced("the database is not the one that the index was built from")
        return self._store
