"""Documents of a local store."""

from __future__ import annotations

import asyncio

from letrics.records import Kind
from letrics.store.base import Store
from letrics.store.documents import LocalDocuments
from tests.store.patches import row


def test_local_documents_are_those_of_the_store(store: Store) -> None:
    store.put_contacts([row("1"), row("2", "b.example")])
    local, position = LocalDocuments(store), store.position()
    kind: Kind
    for kind in ("contacts", "companies"):
        found = asyncio.run(local.found_documents(kind, [1, 0, 7], position))
        assert found == store.found_documents(kind, [1, 0, 7], position)
        assert found.documents == store.documents(kind, [1, 0, 7], position)
    assert asyncio.run(local.find("companies", "b.example")) == store.find("companies", "b.example")
    assert asyncio.run(local.describe()) == store.describe()
    assert asyncio.run(local.has_batch(position))
