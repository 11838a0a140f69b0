"""HTTP servers with fixed replies, in place of OpenSearch nodes."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class FakeNode:
    """A server that notes what it received. It sends `replies` one after the other, then `status` and `body`."""

    def __init__(self, status: int = 200, body: bytes = b"{}", replies: Sequence[bytes] = ()) -> None:
        self.replies = list(replies)
        self.status = status
        self.body = body
        self.requests: list[tuple[str, str, bytes]] = []
        self.headers: list[dict[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.address = f"127.0.0.1:{self._server.server_address[1]}"

    def serve_tls(self, certificate: Path, key: Path) -> None:
        """Serve HTTPS. Called before `start`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def start(self) -> None:
        """Start the thread that serves."""
        self._thread.start()

    def close(self) -> None:
        """Stop serving. Connections to the address are refused from now on."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        node = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                node.requests.append((self.command, self.path, body))
                node.headers.append(dict(self.headers))
                sent = node.replies.pop(0) if node.replies else node.body
                self.send_response(node.status)
                self.send_header("content-length", str(len(sent)))
                with suppress(BrokenPipeError, ConnectionResetError):  # the client has given up
                    self.end_headers()
                    self.wfile.write(sent)

            do_GET = do_POST = do_PUT = do_DELETE = handle_any

            def log_message(self, format: str, *args: Any) -> None:
                """Print nothing."""

        return Handler


@contextmanager
def fake_nodes(*nodes: FakeNode) -> Iterator[str]:
    """Serve the nodes; yields the URL of their cluster."""
    for node in nodes:
        node.start()
    try:
        yield "opensearch+http://" + ",".join(node.address for node in nodes)
    finally:
        for node in nodes:
            node.close()
