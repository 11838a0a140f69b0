"""The cluster of the tests."""

from __future__ import annotations

import json
import urllib.request

from tests.servers.opensearch import shared_url


def test_shared_node_replies_with_green_health() -> None:
    url = shared_url().replace("opensearch+http://", "http://")
    with urllib.request.urlopen(f"{url}/_cluster/health", timeout=10) as response:
        assert json.load(response)["number_of_nodes"] == 1
    assert shared_url() == shared_url()
