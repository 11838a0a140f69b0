"""The HTTP client of a cluster."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from letrics.engines.base import EngineAway
from letrics.engines.opensearch.cluster_address import read_address
from letrics.engines.opensearch.cluster_client import Client, ClusterError, Timeouts
from tests.engines.opensearch.fake_node import FakeNode, fake_nodes

_QUICK = Timeouts(connect=0.3, request=1, pause=0.01)
_BUSY = b'{"error": {"type": "no_shard_available_action_exception", "reason": "none"}}'


def test_request_returns_the_json_of_the_reply() -> None:
    node = FakeNode(body=b'{"took": 3}')
    with fake_nodes(node) as url:
        client = Client(read_address(url))
        assert client.request_blocking("POST", "/a/_search", {"size": 1}) == {"took": 3}
        assert client.request_blocking("POST", "/_bulk", b'{"index":{}}\n{}\n') == {"took": 3}
        client.close()
    assert node.requests == [("POST", "/a/_search", b'{"size":1}'), ("POST", "/_bulk", b'{"index":{}}\n{}\n')]
    assert [head["content-type"] for head in node.headers] == ["application/json", "application/x-ndjson"]


def test_client_of_several_event_loops_works_in_each() -> None:
    with fake_nodes(FakeNode(body=b"[1]")) as url:
        client = Client(read_address(url))
        assert [asyncio.run(client.request("GET", "/")) for _ in range(3)] == [[1]] * 3
        client.close()
        with pytest.raises(EngineAway, match="closed"):
            asyncio.run(client.request("GET", "/"))


def test_user_of_the_url_signs_in_by_basic_authentication() -> None:
    node = FakeNode()
    with fake_nodes(node) as url:
        client = Client(replace(read_address(url), user="ada", password="s:p"))
        client.request_blocking("GET", "/")
        client.close()
    assert node.headers[0]["authorization"] == "Basic YWRhOnM6cA=="


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_request_to_a_busy_node_is_sent_to_the_next(status: int) -> None:
    busy, idle = FakeNode(status, _BUSY), FakeNode(body=b'"done"')
    with fake_nodes(busy, idle) as url:
        client = Client(read_address(url), _QUICK)
        assert [client.request_blocking("GET", "/") for _ in range(4)] == ["done"] * 4
        client.close()
    assert len(idle.requests) == 4 and (len(busy.requests) > 1) == (status == 429)


def test_request_to_busy_nodes_raises_at_the_deadline() -> None:
    with fake_nodes(FakeNode(503, _BUSY), FakeNode(503, _BUSY)) as url:
        client = Client(read_address(url), _QUICK)
        started = time.monotonic()
        with pytest.raises(EngineAway, match="no_shard_available_action_exception") as raised:
            client.request_blocking("GET", "/", seconds=0.2)
        client.close()
    assert 0.1 < time.monotonic() - started < 1 and raised.value.retry_after == 1


def test_request_to_a_node_that_is_away_raises_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = Client(read_address(f"opensearch+http://127.0.0.1:{port}"), _QUICK)
    started = time.monotonic()
    with pytest.raises(EngineAway, match="cannot be reached"):
        client.request_blocking("GET", "/", seconds=60)
    client.close()
    assert time.monotonic() - started < 5


def test_request_to_a_silent_node_raises_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = Client(read_address(f"opensearch+http://127.0.0.1:{silent.getsockname()[1]}"), _QUICK)
        started = time.monotonic()
        with pytest.raises(EngineAway, match="cannot be reached"):
            client.request_blocking("GET", "/", seconds=0.3)
        client.close()
    assert 0.2 < time.monotonic() - started < 2


def test_close_ends_a_request_under_way() -> None:
    async def close_meanwhile(client: Client) -> None:
        waiting = asyncio.create_task(client.request("GET", "/", seconds=60))
        await asyncio.sleep(0.1)
        await asyncio.to_thread(client.close)
        with pytest.raises(EngineAway):
            await waiting

    with socket.create_server(("127.0.0.1", 0)) as silent:
        asyncio.run(close_meanwhile(Client(read_address(f"opensearch+http://127.0.0.1:{silent.getsockname()[1]}"))))


def test_interrupt_ends_requests_of_threads_only() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = Client(read_address(f"opensearch+http://127.0.0.1:{silent.getsockname()[1]}"))

        async def ask_both() -> None:
            waiting = asyncio.create_task(client.request("GET", "/", seconds=2))
            blocked = asyncio.create_task(asyncio.to_thread(client.request_blocking, "GET", "/", seconds=60))
            await asyncio.sleep(0.1)
            client.interrupt()
            with pytest.raises(EngineAway, match="interrupted"):
                await blocked
            with pytest.raises(EngineAway, match="in time"):
                await waiting

        started = time.monotonic()
        asyncio.run(ask_both())
        assert time.monotonic() - started < 10
        with pytest.raises(EngineAway, match="in time"):
            client.request_blocking("DELETE", "/companies", seconds=60)
        assert time.monotonic() - started < 15
        with pytest.raises(EngineAway, match="interrupted"):
            client.check_interrupted()
        client.close()


def test_error_of_the_request_raises_its_kind_and_reason() -> None:
    body = b'{"error": {"type": "index_not_found_exception", "reason": "no such index [a]"}, "status": 404}'
    with fake_nodes(FakeNode(404, body)) as url:
        client = Client(read_address(url))
        with pytest.raises(ClusterError, match=r"404 index_not_found_exception\): no such index \[a\]") as raised:
            client.request_blocking("GET", "/a")
        assert client.request_blocking("GET", "/a", missing=True) is None
        client.close()
    assert (raised.value.status, raised.value.kind) == (404, "index_not_found_exception")


@pytest.mark.parametrize("status", [401, 403])
def test_refused_user_raises_how_to_fix_it(status: int) -> None:
    with fake_nodes(FakeNode(status, b"Unauthorized")) as url:
        client = Client(read_address(url))
        with pytest.raises(EngineAway, match="check its name, password and roles"):
            client.request_blocking("GET", "/")
        client.close()


@pytest.mark.parametrize("status", [200, 303])
def test_reply_without_json_raises_that_it_is_no_node(status: int) -> None:
    with fake_nodes(FakeNode(status, b"<html>")) as url:
        client = Client(read_address(url))
        with pytest.raises(EngineAway, match="not an OpenSearch node"):
            client.request_blocking("GET", "/")
        client.close()


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that signs itself, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("making a certificate needs openssl: apt-get install openssl")
    paths = tmp_path / "node.pem", tmp_path / "node.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
         "-subj", "/CN=node", "-addext", "subjectAltName=IP:127.0.0.1", "-out", paths[0], "-keyout", paths[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    return paths


def test_node_with_a_certificate_of_the_authority_is_trusted(certificate: tuple[Path, Path]) -> None:
    node = FakeNode(body=b'"secure"')
    node.serve_tls(*certificate)
    with fake_nodes(node) as url:
        client = Client(read_address(f"{url.replace('http:', 'https:')}?ca={certificate[0]}"), _QUICK)
        assert client.request_blocking("GET", "/") == "secure"
        client.close()


def test_node_with_another_certificate_is_refused(certificate: tuple[Path, Path]) -> None:
    node = FakeNode()
    node.serve_tls(*certificate)
    with fake_nodes(node) as url:
        client = Client(read_address(url.replace("http:", "https:")), _QUICK)
        with pytest.raises(EngineAway, match=r"(?i)certificate"):
            client.request_blocking("GET", "/")
        client.close()
    assert node.requests == []


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_unusable_file_of_the_authority_is_named(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "ca.pem"
    if text is not None:
        path.write_text(text)
    client = Client(read_address(f"opensearch+https://127.0.0.1:1?ca={path}"), _QUICK)
    with pytest.raises(EngineAway, match=rf"the certificates in {path} cannot be read"):
        client.request_blocking("GET", "/")
    client.close()
