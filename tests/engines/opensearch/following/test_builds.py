"""Indexes that are made next to each other."""

from __future__ import annotations

import pytest

from letrics.engines.opensearch.cluster_address import read_address
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.following.builds import Builds
from letrics.engines.opensearch.names import PARTS, IndexNames
from tests.engines.opensearch.fake_node import FakeNode, fake_nodes


def test_published_build_replaces_the_former_one(client: Client, names: IndexNames) -> None:
    builds = Builds(client, names)
    first, second = builds.create(), builds.create()
    assert first.id != second.id and len(builds.unpublished()) == 6
    for build, other in ((first, second), (second, first)):
        builds.complete(build, lambda: None)
        builds.publish(build)
        for part in PARTS:
            assert list(client.request_blocking("GET", f"/_alias/{names.alias(part)}")) == [build.index(part)]
            assert client.request_blocking("GET", f"/_alias/{build.alias(part)}", missing=True) is None
        assert builds.unpublished() == sorted(map(other.index, PARTS))
    assert builds.bytes() > 0
    builds.delete(builds.unpublished())
    assert builds.unpublished() == []


def test_completed_build_syncs_and_expands_to_more_nodes(client: Client, names: IndexNames) -> None:
    builds = Builds(client, names, shards=2)
    build = builds.create()
    builds.complete(build, lambda: None)
    found = client.request_blocking("GET", f"/{build.index('contacts')}/_settings")
    settings = found[build.index("contacts")]["settings"]["index"]
    assert settings["translog"]["durability"] == "request" and settings["auto_expand_replicas"] == "0-1"
    assert settings["number_of_shards"] == "2" and settings["gc_deletes"] == "1h"
    assert "merge" not in settings  # only the load left the segments alone
    builds.publish(build)
    builds.start_merges()


def test_build_without_one_of_its_indexes_is_not_complete(client: Client, names: IndexNames) -> None:
    builds = Builds(client, names)
    build = builds.create()
    assert not builds.is_complete()
    builds.publish(build)
    assert builds.is_complete()
    builds.delete([build.index("companies")])
    assert not builds.is_complete()


def test_documents_of_all_builds_are_counted(client: Client, names: IndexNames) -> None:
    builds = Builds(client, names)
    assert builds.indexed() == 0
    build = builds.create()
    client.request_blocking("PUT", f"/{build.index('contacts')}/_doc/1", {})
    assert builds.indexed() == 1


@pytest.mark.parametrize("count", [0, 2])
def test_shards_that_are_copied_are_noticed(names: IndexNames, count: int) -> None:
    node = FakeNode(body=b'{"status":"yellow","initializing_shards":%d}' % count)
    with fake_nodes(node) as url:
        client = Client(read_address(url))
        assert Builds(client, names).is_copying() is (count > 0)
        client.close()
    assert node.requests[0][1].startswith("/_cluster/health/")


def test_size_without_indexes_is_zero(client: Client, names: IndexNames) -> None:
    assert Builds(client, names).bytes() == 0
