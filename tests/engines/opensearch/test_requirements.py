"""What a cluster must have."""

from __future__ import annotations

import msgspec
import pytest

from letrics.engines.base import EngineAway
from letrics.engines.opensearch.cluster_address import read_address
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.names import IndexNames
from letrics.engines.opensearch.requirements import check_blocks, check_cluster
from tests.engines.opensearch.fake_node import FakeNode, fake_nodes

_ABOUT = {"version": {"distribution": "opensearch", "number": "3.9.0"}}
_ENOUGH = {"indices.query.bool.max_clause_count": "8192", "search.max_buckets": "65535"}


def check_indexes(settings: object, indexes: object) -> None:
    node = FakeNode(replies=[msgspec.json.encode(settings), msgspec.json.encode(indexes)])
    with fake_nodes(node) as url:
        client = Client(read_address(url))
        try:
            check_blocks(client, IndexNames("letrics", "f"))
        finally:
            client.close()


def blocked(**blocks: str) -> object:
    return {"letrics-contacts-f-1": {"settings": {"index": {"blocks": blocks}}}}


def check(about: object, **settings: dict[str, str]) -> None:
    node = FakeNode(replies=[msgspec.json.encode(about), msgspec.json.encode(settings)])
    with fake_nodes(node) as url:
        client = Client(read_address(url))
        try:
            check_cluster(client)
        finally:
            client.close()


def test_cluster_with_sufficient_settings_is_accepted() -> None:
    check(_ABOUT, defaults=_ENOUGH)
    check(_ABOUT, defaults=_ENOUGH | {"search.max_buckets": "10"}, persistent={"search.max_buckets": "100000"})


def test_low_limit_raises_the_command_that_raises_it() -> None:
    low = _ENOUGH | {"indices.query.bool.max_clause_count": "1024"}
    with pytest.raises(EngineAway, match=r"curl -X PUT .*/_cluster/settings'.*max_clause_count\": 8192}}'$"):
        check(_ABOUT, defaults=low)


def test_later_section_of_settings_takes_precedence() -> None:
    with pytest.raises(EngineAway, match=r"\"search.max_buckets\": 65535"):
        check(_ABOUT, defaults=_ENOUGH, transient={"search.max_buckets": "100"})


@pytest.mark.parametrize("about", [{"version": {"number": "9.2.0", "build_flavor": "default"}}, {}, [1]])
def test_other_product_is_refused(about: object) -> None:
    with pytest.raises(EngineAway, match="is not OpenSearch"):
        check(about)


def test_old_version_is_refused() -> None:
    with pytest.raises(EngineAway, match=r"is OpenSearch 2\.19\.1: upgrade it to 3"):
        check({"version": {"distribution": "opensearch", "number": "2.19.1"}}, defaults=_ENOUGH)


def test_indexes_without_blocks_are_accepted() -> None:
    check_indexes({}, {})
    check_indexes({"persistent": {"cluster.blocks.read_only": "false"}}, blocked(read_only_allow_delete="false"))


@pytest.mark.parametrize(
    ("settings", "indexes", "words"),
    [
        ({}, blocked(read_only_allow_delete="true"), "nearly full, so letrics-contacts-f-1 accepts no changes"),
        ({}, blocked(write="true"), r"setting index\.blocks\.write of letrics-contacts-f-1: remove it"),
        (
            {},
            {"letrics-contacts-f": {"settings": {"index": {"uuid": "u"}}}},
            "letrics-contacts-f is an index of another",
        ),
        (
            {},
            {"letrics-contacts-f-1": {"settings": {"index": {"verified_before_close": "true"}}}},
            "letrics-contacts-f-1 is closed: open it",
        ),
        ({"transient": {"cluster.blocks.read_only": "true"}}, {}, r"setting cluster\.blocks\.read_only: remove it"),
    ],
)
def test_blocked_changes_raise_how_to_allow_them(settings: object, indexes: object, words: str) -> None:
    with pytest.raises(EngineAway, match=words):
        check_indexes(settings, indexes)
