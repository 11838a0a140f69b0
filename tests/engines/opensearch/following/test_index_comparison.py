"""The comparison of indexes with the log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from letrics.backends.opensearch import FollowedOpenSearchEngine
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.following.index_comparison import IndexComparison
from letrics.engines.opensearch.names import IndexNames
from letrics.identity.patches import ContactPatch
from letrics.store.base import Changes, Store
from tests.wrapped_store import WrappedStore


def test_sample_compares_companies_and_their_contacts(
    made: FollowedOpenSearchEngine, names: IndexNames, store: Store, client: Client
) -> None:
    made.load(store)
    assert made.verify(store, sample=100) == []
    contacts, companies = names.alias("contacts"), names.alias("companies")
    client.request_blocking("PUT", f"/{contacts}/_doc/4?refresh=true", {"num": 4, "digest": 1})
    client.request_blocking("DELETE", f"/{companies}/_doc/2?refresh=true")
    assert made.verify(store, sample=100) == [
        "1 contact in the index differs from the database: num 4",
        "1 company of the database is not in the index: num 2",
    ]
    assert len(made.verify(store, sample=1)) <= 1


def test_record_that_changed_meanwhile_is_no_difference(
    made: FollowedOpenSearchEngine, names: IndexNames, store: Store, client: Client
) -> None:
    class ChangedMeanwhile(WrappedStore):
        """A store with a change that the follower applies after the first scan."""

        scans = 0

        def scan(self, size: int, share: tuple[int, int] = (0, 1)) -> Iterator[Changes]:
            self.scans += 1
            if self.scans == 1:
                yield from store.scan(size, share)
                return
            assert made.target().apply(store) == (self.scans == 2)
            yield from store.scan(size, share)

    made.load(store)
    store.put_contacts([ContactPatch(external_id="p1", company="firm1.example", job_title="Pilot")])
    client.request_blocking("DELETE", f"/{names.alias('contacts')}/_doc/5?refresh=true")
    log = cast("Store", ChangedMeanwhile(store))
    found = IndexComparison(client, names, log, wait_seconds=0).in_full()
    assert found == ["1 contact of the database is not in the index: num 5"]


def test_documents_that_differ_from_the_log_are_reported(
    made: FollowedOpenSearchEngine, names: IndexNames, store: Store, client: Client
) -> None:
    made.load(store)
    contacts, companies = names.alias("contacts"), names.alias("companies")
    client.request_blocking("DELETE", f"/{contacts}/_doc/0")
    client.request_blocking("PUT", f"/{contacts}/_doc/4", {"num": 4, "digest": 1})
    client.request_blocking("PUT", f"/{contacts}/_doc/50", {"num": 50, "digest": 1})
    for num in range(3, 10):
        client.request_blocking("PUT", f"/{companies}/_doc/{num}", {"num": num, "digest": 1})
    client.request_blocking("POST", f"/{contacts},{companies}/_refresh")
    assert sorted(made.verify(store)) == [
        "1 contact in the index differs from the database: num 4",
        "1 contact in the index is not in the database: num 50",
        "1 contact of the database is not in the index: num 0",
        "7 companies in the index are not in the database: num 3, 4, 5, 6, 7, …",
    ]
