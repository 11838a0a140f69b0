"""HTTP client of an OpenSearch cluster: one list of nodes, retries on the next node, one deadline for all of them.

One event loop in a thread of the client sends everything. Callers are coroutines of any event loop (`request`) and
threads without one (`request_blocking`), so a client can be used from several event loops and closed without one.
"""

from __future__ import annotations

import asyncio
import io
import itertools
import logging
import ssl
import threading
import time
import weakref
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import aiohttp
import msgspec

from letrics.engines.base import EngineAway
from letrics.engines.opensearch.cluster_address import Address
from letrics.engines.opensearch.cluster_faults import explain_error, explain_failure
from letrics.engines.opensearch.node_list import NodeList

_log = logging.getLogger("letrics.opensearch")
_T = TypeVar("_T")

BUSY: Final = frozenset({429, 500, 502, 503, 504})
"""Statuses after which another node or attempt may succeed: overloaded, shutting down, or without a cluster manager or
a copy of a shard for a moment."""
_CLOSED: Final = "the connection to OpenSearch is closed"
_INTERRUPTED: Final = "the request to OpenSearch was interrupted"
_LAST_SECONDS: Final = 1.0
"""Time limit of a request of a thread after an interruption, such as one that deletes what is not complete."""
_REFUSED: Final = frozenset({401, 403})
"""Statuses of a user who may not do this."""


class ClusterError(Exception):
    """The cluster replied with an error that another attempt would not change: a bug, or a setting of the cluster."""

    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(f"OpenSearch refused the request ({status} {kind}): {reason}")
        self.status = status
        self.kind = kind
        """OpenSearch's name of the error, such as `index_not_found_exception`."""
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Time limits, in seconds."""

    connect: float = 0.5
    """Of one connection: a host that drops packets does not reply at all."""
    request: float = 1.8
    """Of one request with all of its attempts, unless the caller gives another."""
    pause: float = 0.1
    """Between two rounds over all nodes."""
    avoid: float = 5.0
    """In which a node that failed is asked only if all others failed too."""


DEFAULT_TIMEOUTS: Final = Timeouts()


class Client:
    """Sends requests to the nodes of `address` alternately; threads and coroutines may share it.

    A request that fails because of its node is sent to the next one until the deadline, so every request must be safe
    to repeat. Connections are opened by the first request and kept open.
    """

    def __init__(self, address: Address, timeouts: Timeouts = DEFAULT_TIMEOUTS) -> None:
        self.address = address
        self._timeouts = timeouts
        self._nodes = NodeList(address.nodes, timeouts.avoid)
        self._sender = _Sender(address)
        self._blocking: set[Future[Any]] = set()
        self._interrupted = threading.Event()
        self._finalizer = weakref.finalize(self, self._sender.close)

    async def request(
        self, method: str, path: str, body: object = None, *, seconds: float | None = None, missing: bool = False
    ) -> Any:
        """Send a request and return the decoded JSON of the reply. `path` begins with / and may have a query string.

        `body` is encoded as JSON; bytes are sent as they are, as lines of JSON. All attempts together take at most
        `seconds`. With `missing`, a 404 returns None. Raises EngineAway and ClusterError.
        """
        return await asyncio.wrap_future(self._sender.submit(self._send(method, path, body, seconds, missing)))

    def request_blocking(
        self, method: str, path: str, body: object = None, *, seconds: float | None = None, missing: bool = False
    ) -> Any:
        """The same as `request`, for threads without an event loop. Raises EngineAway soon after `interrupt`."""
        was_interrupted = self._interrupted.is_set()
        if was_interrupted:
            seconds = min(_LAST_SECONDS, self._timeouts.request if seconds is None else seconds)
        reply = self._sender.submit(self._send(method, path, body, seconds, missing))
        self._blocking.add(reply)
        if self._interrupted.is_set() and not was_interrupted:
            reply.cancel()
        try:
            return reply.result()
        except CancelledError:
            raise EngineAway(_INTERRUPTED) from None
        finally:
            self._blocking.discard(reply)

    def interrupt(self) -> None:
        """End the requests of threads that are under way, and give further ones little time. Coroutines go on."""
        self._interrupted.set()
        for reply in list(self._blocking):
            reply.cancel()

    def check_interrupted(self) -> None:
        """Raise EngineAway after `interrupt`."""
        if self._interrupted.is_set():
            raise EngineAway(_INTERRUPTED)

    def close(self) -> None:
        """Close all connections. Requests under way fail with EngineAway."""
        self._finalizer()

    async def _send(self, method: str, path: str, body: object, seconds: float | None, missing: bool) -> Any:
        try:
            return await self._try_nodes(method, path, body, seconds, missing)
        except asyncio.CancelledError:
            if self._sender.closed:
                raise EngineAway(_CLOSED) from None
            raise

    async def _try_nodes(self, method: str, path: str, body: object, seconds: float | None, missing: bool) -> Any:
        if isinstance(body, bytes):
            data, content = body, "application/x-ndjson"
        else:
            data, content = b"" if body is None else msgspec.json.encode(body), "application/json"
        deadline = time.monotonic() + (self._timeouts.request if seconds is None else seconds)
        failure = ""
        for attempt in itertools.count():
            reached = False
            for node in self._nodes.in_order():
                try:
                    status, reply = await self._attempt(node, method, path, data, content, deadline)
                except (aiohttp.ClientError, OSError, TimeoutError) as error:
                    failure = failure or f"OpenSearch cannot be reached at {node}: {explain_failure(error)}"
                    self._nodes.failed(node)
                else:
                    reached = True
                    if status not in BUSY:
                        self._nodes.worked(node)
                        return _decode(node, status, reply, missing)
                    failure = str(refusal(node, *_error(status, reply)))
                    if status != 429:
                        self._nodes.failed(node)
                if time.monotonic() >= deadline:
                    break
            if time.monotonic() + self._timeouts.pause >= deadline or (attempt and not reached):
                break
            await asyncio.sleep(self._timeouts.pause)
        raise EngineAway(failure, retry_after=1)

    async def _attempt(
        self, node: str, method: str, path: str, data: bytes, content: str, deadline: float
    ) -> tuple[int, bytes]:
        timeout = aiohttp.ClientTimeout(
            total=max(0.01, deadline - time.monotonic()), sock_connect=self._timeouts.connect
        )
        async with self._sender.session().request(
            method,
            node + path,
            data=io.BytesIO(data),
            timeout=timeout,
            headers={"content-type": content},
            allow_redirects=False,
        ) as response:
            return response.status, await response.read()


class _Sender:
    """The event loop that sends the requests, in a thread that the first request starts, and its connections.

    It does not refer to the client, so a client that is not closed is closed when it is collected.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._session: aiohttp.ClientSession | None = None
        self.closed = False

    def submit(self, coroutine: Coroutine[Any, Any, _T]) -> Future[_T]:
        """Run a coroutine in the loop. Raises EngineAway if it is closed."""
        with self._lock:
            if self.closed:
                coroutine.close()
                raise EngineAway(_CLOSED)
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_run, args=[self._loop], name="opensearch", daemon=True)
                self._thread.start()
            return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def session(self) -> aiohttp.ClientSession:
        """The open connections. Called in the loop."""
        if self._session is None:
            address = self._address
            secure = _load_certificates(address.ca) if address.nodes[0].startswith("https:") else False
            signed = aiohttp.encode_basic_auth(address.user, address.password, "utf-8") if address.user else None
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, ssl=secure),
                headers={"authorization": signed} if signed else None,
            )
        return self._session

    def close(self) -> None:
        """Close all connections and end the thread."""
        with self._lock:
            self.closed = True
            loop, thread = self._loop, self._thread
        if loop is not None and thread is not None and thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._shut(), loop)
            if thread is not threading.current_thread():
                thread.join()

    async def _shut(self) -> None:
        """Cancel the requests under way, close the connections and stop the loop."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
        loop = asyncio.get_running_loop()
        await loop.shutdown_default_executor()
        loop.stop()


def _load_certificates(ca: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca)
    except OSError as error:  # also of a file without certificates
        raise EngineAway(f"the certificates in {ca} cannot be read: {error.strerror or error}") from None


def _run(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.close()


def refusal(place: str, status: int, kind: str, reason: str, details: str = "") -> EngineAway | ClusterError:
    """The exception for an error of the cluster: EngineAway if its settings, its state or the user's roles explain it.

    `place` is the address of a node, and `details` has the causes of the error.
    """
    explained = explain_error(f"{kind}: {reason} {details}")
    if explained is not None:
        return EngineAway(f"{place}: {explained} ({kind}: {reason})", 1, f"OpenSearch says that {explained}")
    if status in _REFUSED:
        refused = f"refused the user of the engine's URL ({status}): check its name, password and roles"
        return EngineAway(f"{place} {refused} ({reason})", reason=f"OpenSearch {refused}")
    return ClusterError(status, kind, reason)


def _decode(node: str, status: int, reply: bytes, missing: bool) -> Any:
    if status == 404 and missing:
        return None
    if status >= 400:
        raise refusal(node, *_error(status, reply))
    if status >= 300:
        raise EngineAway(f"{node} replied with a redirect ({status}): it is not an OpenSearch node")
    try:
        return msgspec.json.decode(reply) if reply else None
    except msgspec.DecodeError:
        raise EngineAway(f"{node} did not reply with JSON: it is not an OpenSearch node") from None


def _error(status: int, reply: bytes) -> tuple[int, str, str, str]:
    """The status, type and reason of the error in a reply that is not a success, and all that it says."""
    text = reply[:2000].decode(errors="replace")
    try:
        error = msgspec.json.decode(reply)["error"]
        return status, str(error["type"]), str(error["reason"]), text
    except (msgspec.DecodeError, KeyError, TypeError):
        return status, "error", text[:200], text
