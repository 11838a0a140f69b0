"""The comparison of indexes with the log."""

from __future__ import annotations

from letrics.backends.opensearch import FollowedOpenSearchEngine
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.names import IndexNames
from letrics.store.base import Store


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
        "1 contact in the index are not in the database: num 50",
        "1 contact in the index differ from the database: num 4",
        "1 contact of the database are not in the index: num 0",
        "7 companies in the index are not in the database: num 3, 4, 5, 6, 7, …",
    ]
