"""Segments that are merged after a load."""

from __future__ import annotations

import time

from letrics.engines.base import EngineAway
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.following.builds import Builds
from letrics.engines.opensearch.following.segment_merges import SegmentMerges
from letrics.engines.opensearch.names import IndexNames

COMPANIES = 30


def segments(client: Client, names: IndexNames) -> int:
    """The number of segments of the companies that are searched."""
    alias = names.alias("companies")
    found = client.request_blocking("GET", f"/{alias}/_stats/segments")
    return int(found["_all"]["primaries"]["segments"]["count"])


def test_segments_of_a_load_are_merged_and_searched(client: Client, names: IndexNames) -> None:
    builds = Builds(client, names)
    build = builds.create()
    for num in range(COMPANIES):  # more segments than an index has that merges them
        client.request_blocking("PUT", f"/{build.index('companies')}/_doc/{num}?refresh=true", {"num": num})
    builds.complete(build, lambda: None)
    builds.publish(build)
    assert segments(client, names) == COMPANIES
    now = 0.0
    merges = SegmentMerges(builds, names, clock=lambda: now)
    merges.start()
    deadline = time.monotonic() + 60
    while segments(client, names) > COMPANIES // 2 and time.monotonic() < deadline:
        now += 30
        merges.show()
        time.sleep(0.1)
    assert segments(client, names) <= COMPANIES // 2


class CountedBuilds(Builds):
    """Builds of a cluster that is away when merges start."""

    def __init__(self) -> None:
        self.refreshed = 0

    def start_merges(self) -> None:
        raise EngineAway("away")

    def refresh(self, alias: object) -> None:
        self.refreshed += 1


def test_refreshes_continue_for_an_hour() -> None:
    now = 0.0
    builds = CountedBuilds()
    merges = SegmentMerges(builds, IndexNames("letrics"), clock=lambda: now)
    merges.show()
    assert builds.refreshed == 0  # nothing was loaded
    merges.start()
    merges.show()
    assert builds.refreshed == 0
    for now in range(10, 10_000, 10):  # noqa: B007
        merges.show()
    assert builds.refreshed == 119
