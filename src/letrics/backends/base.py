"""The interface of back ends.

They say how the program opens a store and accounts, and how it makes an engine and keeps it up to date.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from letrics.engines.base import LoadProgress, SavedIndex, SearchEngine
from letrics.engines.follower import FollowerTarget
from letrics.engines.follower_positions import slowest_position
from letrics.engines.pace import Pace
from letrics.store.base import Position, Reader, Store
from letrics.store.documents import OpenDocuments

if TYPE_CHECKING:
    from letrics.accounts.authenticator import OpenAuthenticator
    from letrics.accounts.base import Accounts
    from letrics.accounts.last_used import LastUsed
    from letrics.api.stored_requests import StoredRequests


class StoreBackend(Protocol):
    """Where the records are stored."""

    @property
    def is_remote(self) -> bool:
        """Whether it is on a server, which may be away when this program starts."""
        ...

    def exists(self) -> bool:
        """Whether there is a store."""
        ...

    def open(self, create: bool = False) -> Store:
        """Open a connection for one thread.

        Raises StoreTooNew, and StoreAway if the store is unavailable, or does not exist and `create` is false.
        """
        ...

    def open_lease(self) -> Store:
        """Open a connection for leases, for one thread. It gives up within seconds if the store does not respond.

        Raises as `open` does.
        """
        ...

    def open_reader(self) -> Reader:
        """Open a connection that only reads and gives up soon if the store is locked, for one thread.

        Raises StoreTooNew, and StoreAway if the store is unavailable or does not exist.
        """
        ...

    def open_documents(self, position: Callable[[], Position | None]) -> OpenDocuments:
        """What a server process reads of the store. `position` is that of CurrentStore. Does not connect yet."""
        ...


class AccountsBackend(Protocol):
    """Where users, tokens and sessions are stored, and the responses of requests with an Idempotency-Key."""

    @property
    def wait_seconds(self) -> float | None:
        """How long a request may wait for a connection that `open` or `open_requests` returned. None: for ever."""
        ...

    def exists(self) -> bool:
        """Whether there are accounts. Raises StoreAway if that cannot be found out."""
        ...

    def open(self, create: bool = False) -> Accounts:
        """Open a connection for one thread.

        Raises StoreTooNew, and StoreAway if the accounts are unavailable, if a copy into them has not ended, or if they
        do not exist and `create` is false.
        """
        ...

    def open_copy(self) -> Accounts:
        """Open accounts that others are copied into, and create them if they are missing. A database that also has
        records is not opened for anything else until the copy of the records has ended. Raises as `open` does."""
        ...

    def open_authenticator(self, last_used: LastUsed) -> OpenAuthenticator:
        """What authenticates the requests of a server process. Raises StoreAway if a file is unavailable."""
        ...

    def open_requests(self) -> StoredRequests:
        """The requests with an Idempotency-Key. Nothing is opened yet."""
        ...


class FollowedEngine(Protocol):
    """An engine of this process, with what makes it follow a log."""

    @property
    def engine(self) -> SearchEngine:
        """The engine, for searching."""
        ...

    def load(self, store: Store, progress: LoadProgress | None = None) -> None:
        """Bring the engine up to the end of the log. Blocks, for minutes if millions of records have to be read."""
        ...

    def suspend(self) -> None:
        """Refuse searches until the follower has brought the engine up to the end of the log."""
        ...

    def target(self) -> FollowerTarget:
        """What a follower keeps up to date."""
        ...

    def verify(self, store: Store, sample: int | None = None) -> list[str]:
        """Compare the engine with the log. Returns the differences as sentences.

        With `sample`, an engine on other machines may compare only that many random companies and their contacts.
        """
        ...


class EngineBackend(Protocol):
    """What finds the records that match a query."""

    def make(self) -> FollowedEngine:
        """Make an engine, which is not ready."""
        ...

    def refresh(self, store: Store, progress: LoadProgress | None = None) -> bool:
        """Save what later processes need to start quickly, if much has changed in the log.

        Returns False if another process is saving it.
        """
        ...

    def rebuild(self, store: Store) -> None:
        """Replace what is saved by a rebuilt index. Does nothing if another process is rebuilding it.

        An index that all hosts share is rebuilt, by this process or by the one that feeds it.
        """
        ...

    def erase(self, store: Store, progress: LoadProgress | None = None) -> bool:
        """Remove the values of people who were forgotten from what is saved.

        Returns False if another process does it, or will do it.
        """
        ...

    def describe(self, end: Position) -> SavedIndex | None:
        """Describe the saved index of a log that ends at `end`. None if no index is saved."""
        ...


@dataclass(frozen=True, slots=True)
class HomeBackends:
    """The back ends of a home directory.

    `import_engine` returns the engine's back end. Commands that only read or write records do not call it: an engine
    takes time and memory to import.
    """

    store: StoreBackend
    import_engine: Callable[[], EngineBackend]
    accounts: AccountsBackend
    is_engine_local: bool = True
    """Whether each server process has an index in its memory. Otherwise a cluster has one for all of them."""

    def pace(self, followers: Path, store: Store) -> Pace:
        """The pace at which `store` is written, if servers keep their positions in the directory `followers`."""
        return Pace(
            lambda: store.position().seq, lambda: slowest_position(followers), self.store.is_remote,
            self.is_engine_local,
        )  # fmt: skip

    @property
    def engine(self) -> EngineBackend:
        """What finds the records that match a query."""
        return self.import_engine()
