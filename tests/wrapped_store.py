"""A store that behaves like another one, except for what a test overrides."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, cast

from letrics.backends.base import StoreBackend
from letrics.store.base import Position, Reader, Store
from letrics.store.documents import OpenDocuments


class WrappedStore:
    """Passes every call on to `store`. It is a Store; a subclass overrides methods."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.store.close()


class WrappedBackend:
    """A store back end that wraps every store that it opens."""

    def __init__(self, backend: StoreBackend, wrap: Callable[[Store], WrappedStore]) -> None:
        self._backend = backend
        self._wrap = wrap

    def exists(self) -> bool:
        return self._backend.exists()

    def open(self, create: bool = False) -> Store:
        return cast("Store", self._wrap(self._backend.open(create)))

    def open_lease(self) -> Store:
        return cast("Store", self._wrap(self._backend.open_lease()))

    def open_reader(self) -> Reader:
        return self._backend.open_reader()

    def open_documents(self, position: Callable[[], Position | None]) -> OpenDocuments:
        return self._backend.open_documents(position)

    @property
    def is_remote(self) -> bool:
        return self._backend.is_remote
