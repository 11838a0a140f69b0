"""What a cluster must have."""

from __future__ import annotations

import msgspec
import pytest

from letrics.engines.base import EngineAway
from letrics.engines.opensearch.cluster_address import read_address
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.requirements import check_cluster
from tests.engines.opensearch.fake_node import FakeNode, fake_nodes

_ABOUT = {"version": {"distribution": "opensearch", "number": "3.9.0"}}
_ENOUGH = {"indices.query.bool.max_clause_count": "8192", "search.max_buckets": "65535"}


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
