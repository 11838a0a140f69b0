"""What failures of a cluster mean."""

from __future__ import annotations

import re
import socket
import subprocess
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest

from letrics.engines.base import EngineAway
from letrics.engines.opensearch.cluster_address import read_address
from letrics.engines.opensearch.cluster_client import Client, ClusterError, refusal
from letrics.engines.opensearch.cluster_faults import explain_failure
from tests.engines.opensearch.fake_node import FakeNode, fake_nodes


@pytest.mark.parametrize(
    ("status", "kind", "reason", "words"),
    [
        (400, "search_phase_execution_exception", "maxClauseCount is set to 100", "max_clause_count to 8192"),
        (503, "search_phase_execution_exception", "too_many_buckets_exception", "search.max_buckets"),
        (429, "cluster_block_exception", "disk usage exceeded flood-stage watermark", "nearly full"),
        (403, "cluster_block_exception", "blocked by: [FORBIDDEN/8/index write (api)]", "remove the block"),
        (403, "index_create_block_exception", "blocked by: [FORBIDDEN/10/…]", "remove the block"),
        (400, "validation_exception", "currently has [5]/[1] maximum LOCAL_ONLY shards open;", "max_shards_per_node"),
        (400, "index_closed_exception", "closed", "open it, or delete it"),
        (400, "invalid_alias_name_exception", "an index exists with the same name", "choose another prefix"),
        (503, "unavailable_shards_exception", "primary shard is not active", "check that all nodes run"),
    ],
)
def test_error_of_the_state_of_a_cluster_is_away(status: int, kind: str, reason: str, words: str) -> None:
    error = refusal("node", status, kind, reason)
    assert isinstance(error, EngineAway) and error.retry_after == 1
    assert re.fullmatch(rf"node: .*{re.escape(words)}.* \({kind}: {re.escape(reason)}\)", str(error))


def test_missing_role_is_named() -> None:
    error = refusal("OpenSearch", 403, "security_exception", "no permissions for [indices:data/write/bulk]")
    assert isinstance(error, EngineAway) and "roles (no permissions for [indices:data/write/bulk])" in str(error)


def test_other_error_is_a_bug() -> None:
    error = refusal("node", 400, "parsing_exception", "unknown query [x]")
    assert isinstance(error, ClusterError) and error.kind == "parsing_exception"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError(), "did not reply in time"),
        (ConnectionResetError(), "use opensearch+https"),
        (aiohttp.ServerDisconnectedError(), "use opensearch+https"),
        (OSError("odd"), "odd: check that it runs"),
        (aiohttp.ClientConnectorDNSError(cast("Any", None), OSError(-2, "no name")), "its host name is unknown"),
    ],
)
def test_failure_suggests_a_fix(error: Exception, words: str) -> None:
    assert words in explain_failure(error)


def failure(url: str) -> str:
    """What a request to the cluster at `url` raises."""
    client = Client(read_address(url))
    with pytest.raises(EngineAway) as raised:
        client.request_blocking("GET", "/", seconds=0.5)
    client.close()
    return str(raised.value)


def test_refused_connection_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    text = failure(f"opensearch+http://127.0.0.1:{port}")
    assert text.startswith(f"OpenSearch cannot be reached at http://127.0.0.1:{port}: Connection refused: check that")


def test_node_without_tls_is_named() -> None:
    with fake_nodes(FakeNode()) as url:
        assert "use opensearch+http if it has no TLS" in failure(url.replace("+http:", "+https:"))


def test_certificate_of_another_authority_is_named(tmp_path: Path) -> None:
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    subject = ["-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([*command, *subject], cwd=tmp_path, check=True, capture_output=True)
    node = FakeNode()
    node.serve_tls(tmp_path / "cert.pem", tmp_path / "key.pem")
    with fake_nodes(node) as url:
        assert "check its certificate, and ?ca=" in failure(url.replace("+http:", "+https:"))
