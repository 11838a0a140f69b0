"""Which indexes are deleted, and when."""

from __future__ import annotations

from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.following.builds import Builds
from letrics.engines.opensearch.following.lease_keeper import lease_name
from letrics.engines.opensearch.following.sweeper import IndexSweeper
from letrics.engines.opensearch.names import IndexNames
from letrics.store.base import Store


def indexes_of(client: Client, names: IndexNames) -> list[str]:
    found = client.request_blocking("GET", f"/{names.prefix}-*/_alias", missing=True)
    return sorted(found or {})


def test_unpublished_indexes_stay_until_they_are_due(client: Client, names: IndexNames, store: Store) -> None:
    builds = Builds(client, names)
    builds.create()
    late, due = IndexSweeper(builds, names, 60), IndexSweeper(builds, names, 0)
    for _ in range(2):
        late.sweep(store)
    assert len(indexes_of(client, names)) == 3
    due.sweep(store)
    assert indexes_of(client, names) == []


def test_indexes_of_another_version_stay_while_it_feeds_them(client: Client, names: IndexNames, store: Store) -> None:
    former = IndexNames(names.prefix, "0123456789abcdef")
    build = Builds(client, former).create()
    Builds(client, former).publish(build)
    other_prefix = f"{names.prefix}-contacts-x"
    client.request_blocking("PUT", f"/{other_prefix}-contacts-0123456789abcdef-1", {})
    sweeper = IndexSweeper(Builds(client, names), names, 0)
    store.acquire_lease(lease_name(former), "server of that version", 600)
    sweeper.sweep(store)
    assert len(indexes_of(client, names)) == 4
    store.release_lease(lease_name(former), "server of that version")
    sweeper.sweep(store)
    assert indexes_of(client, names) == [f"{other_prefix}-contacts-0123456789abcdef-1"]
