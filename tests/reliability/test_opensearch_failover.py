"""Nodes of an OpenSearch cluster end without notice during imports, searches and cursor walks.

`make reliability` runs these tests: they take some minutes.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.engines.follower import Follower
from tests.matrix.clusters import (
    COPIES,
    Client,
    FollowedOpenSearchEngine,
    cluster_backend,
    copy_differences,
    document_counts,
)
from tests.reliability.opensearch_load import History, Importer, Searches, in_background
from tests.servers.opensearch import Cluster
from tests.servers.opensearch_home import missing
from tests.waiting import wait_for

ROUNDS = int(os.environ.get("FAILOVERS", "0"))
"""How many times each kind of node is killed; without it, the tests are skipped."""
MAX_WAIT = 2.0
"""The longest time in seconds that a call may take."""

pytestmark = pytest.mark.skipif(not ROUNDS, reason="killing nodes takes minutes: make reliability")


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Three nodes."""
    if reason := missing():
        pytest.skip(reason)
    directory = Path(tempfile.mkdtemp(prefix="letrics-cluster-"))
    directory.chmod(0o755)
    cluster = Cluster(directory, 3)
    try:
        cluster.start()
        cluster.guard(os.getpid())
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(directory, ignore_errors=True)


def manager(client: Client) -> int:
    """The number of the node that manages the cluster."""
    [found] = client.request_blocking("GET", "/_cat/cluster_manager?format=json&h=node", seconds=30)
    return int(found["node"].removeprefix("node-"))


def holder(client: Client, index: str) -> int:
    """The number of the node with the primary shard of an index."""
    shards = client.request_blocking("GET", f"/_cat/shards/{index}?format=json&h=node,prirep", seconds=30)
    return next(int(shard["node"].removeprefix("node-")) for shard in shards if shard["prirep"] == "p")


def test_killed_nodes_cause_no_wrong_result(cluster: Cluster, tmp_path: Path) -> None:
    backend, log = cluster_backend(f"{cluster.url}/failover", tmp_path)
    client = Client(backend.address)
    history = History()
    made: list[FollowedOpenSearchEngine] = [backend.make(), backend.make()]
    followers = [Follower(pair.target(), log.open, 0.1) for pair in made]
    with log.open(create=True) as store:
        importer = Importer(store, history, seed=1)
        importer.import_batch(1_000)
        for follower in followers:
            follower.start()
        wait_for(lambda: made[0].target().position() == store.position(), 120)
        searches = [Searches(pair.engine, history, seed) for seed, pair in enumerate(made)]
        threads = [in_background(each.run) for each in searches]
        for number in range(2 * ROUNDS):
            importer.import_batch(100)
            killed = manager(client) if number % 2 else holder(client, "failover-contacts-*")
            cluster.kill(killed)
            until = time.monotonic() + 5
            while time.monotonic() < until:
                importer.import_batch(50)
                time.sleep(0.2)
            cluster.revive(killed)
            cluster.wait_green()
        for each in searches:
            each.stopping.set()
        for thread in threads:
            thread.join()
        end = store.position()
        wait_for(lambda: made[0].target().position() == made[1].target().position() == end, 60)
        report = "\n".join(
            f"{each.searches} searches, {each.walks} walks, {len(each.wrong)} wrong, longest {each.longest:.2f} s, "
            f"longest outage {each.longest_outage:.2f} s, refused: {dict(each.refusals)}"
            for each in searches
        )
        sys.stdout.write(f"{importer.batches} batches\n{report}\n")
        assert not [text for each in searches for text in each.wrong], report
        assert max(each.longest_outage for each in searches) <= MAX_WAIT, report
        assert made[0].verify(store) == []
        for part, copies in document_counts(backend.address).items():
            assert len(copies) == 2 and copies["p"] == copies["r"], (part, copies)
        for copy in COPIES:
            assert copy_differences(backend.address, store, copy) == [], copy
    for follower in followers:
        follower.stop()
    for pair in made:
        pair.engine.close()
    client.close()
