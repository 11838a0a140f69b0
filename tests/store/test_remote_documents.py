"""Documents of a store on another machine."""

from __future__ import annotations

import asyncio

import pytest

from letrics.records import Kind
from letrics.store.base import Position, Store, StoreReplaced
from letrics.store.remote_documents import RemoteDocuments
from tests.naive.log import Log
from tests.naive.store import NaiveStore
from tests.store.patches import row


def test_remote_documents_are_those_of_the_store() -> None:
    log = Log()
    store: Store = NaiveStore(log)
    store.put_contacts([row("1"), row("2", "b.example")])
    position = store.position()
    remote = RemoteDocuments(lambda: NaiveStore(log), lambda: position, threads=2)

    async def run() -> None:
        kind: Kind
        for kind in ("contacts", "companies"):
            found = await remote.found_documents(kind, [1, 0, 7], position)
            assert found == store.found_documents(kind, [1, 0, 7], position)
            assert found.documents == store.documents(kind, [1, 0, 7], position)
        assert await remote.find("companies", "b.example") == store.find("companies", "b.example")
        assert await remote.describe() == store.describe()
        assert await remote.has_batch(position)

    asyncio.run(run())
    remote.close()


def test_remote_documents_of_another_log_are_refused() -> None:
    remote = RemoteDocuments(lambda: NaiveStore(Log()), lambda: Position("another", 3, "x"), threads=1)
    with pytest.raises(StoreReplaced):
        asyncio.run(remote.find("companies", "b.example"))
    remote.close()
