from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.stages.server import Served
from benchmarks.stages.wrk import Load, in_background, send_once

pytestmark = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")

_LINES = [b'/v1/contacts {"page": %d}\n' % page for page in range(20)]


class _Recorder(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        received.append((self.path, self.headers["Authorization"], body))
        self.send_response(404 if b"missing" in body else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None: ...


received: list[tuple[str, str, bytes]] = []


@pytest.fixture
def server() -> Iterator[Served]:
    received.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Recorder) as http:
        threading.Thread(target=http.serve_forever).start()
        yield Served(http.server_address[1], os.getpid(), "secret", 0.0)
        http.shutdown()


def test_send_once_sends_each_request_once_in_order(server: Served) -> None:
    found = send_once(server, _LINES)
    assert [b"%s %s\n" % (path.encode(), body) for path, _, body in received] == _LINES
    assert received[0][1] == "Bearer secret"
    assert found["requests"] == len(_LINES) and 0 < found["ms"]["p50"] <= found["ms"]["max"]


def test_send_once_reports_failed_requests(server: Served) -> None:
    with pytest.raises(RuntimeError, match="1 requests failed"):
        send_once(server, [*_LINES, b"/v1/contacts missing\n"])


def test_load_runs_until_its_time_is_over(server: Served) -> None:
    with in_background(server, _LINES):
        found = Load(server, [b"/v1/contacts/count {}\n"], seconds=1, rest_ms=20.0).result()
    assert 5 < found["requests"] <= 50
    assert len([path for path, *_ in received if path == "/v1/contacts"]) > 20
