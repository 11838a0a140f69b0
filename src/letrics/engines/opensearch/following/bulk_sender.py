"""Sends documents to the indexes by the `_bulk` API, each with the seq of the log as its version.

A document with a lower version than the stored one is refused, so documents may be sent again, late and by two
processes at the same time: the newest one stays.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import xxhash

from letrics.engines.base import EngineAway
from letrics.engines.opensearch.cluster_client import Client, refusal
from letrics.engines.opensearch.documents import Built, Document
from letrics.engines.opensearch.names import Part

_log: Final = logging.getLogger("letrics.opensearch")
_MAX_BYTES: Final = 4 << 20
"""Bytes of one request, at most by a document more (4 MiB)."""
_PARALLEL: Final = 3
"""Requests at the same time. A node indexes those of one index by several threads."""
_CONFLICT: Final = "version_conflict_engine_exception"
"""The error of a document with a lower version than the stored one, and of an entry that exists."""
_QUERY: Final = "require_alias=true&timeout=10s&filter_path=errors"
"""Parameters of each request. Without `require_alias`, a cluster creates an index that was deleted meanwhile, with
another mapping. The reply only says whether there are errors."""
_WITH_ERRORS: Final = f"{_QUERY},items.*.error,items.*.status"
"""Parameters of a request whose reply has the result of each document."""


def with_digest(document: bytes) -> bytes:
    """The document with a digest of itself, by which it can be compared with the log: the index does not store it."""
    return b'%s,"digest":%d}' % (document[:-1], digest_of(document))


def digest_of(document: bytes) -> int:
    """A hash of a document as a signed number of 64 bits."""
    return int.from_bytes(xxhash.xxh3_64_digest(document), "big", signed=True)


@dataclass(frozen=True, slots=True)
class BulkTimes:
    """Times in seconds."""

    request: float = 30.0
    """Limit of one request: a merge can stop indexing for seconds."""
    items: float = 20.0
    """How long documents are sent again which a shard could not take."""
    away: float = 0.0
    """How long a request is sent again if the cluster does not reply."""
    pause: float = 0.2
    """Before they are sent again."""


DEFAULT_TIMES: Final = BulkTimes()
LOAD_TIMES: Final = BulkTimes(request=60.0, items=300.0, away=300.0, pause=1.0)
"""Times for a load, which would begin again from its first record: a node that merges large segments can take minutes
to reply."""


class BulkSender:
    """Sends to the aliases that `alias` returns. Use it in a `with` block, which waits for what is under way, but not
    after Ctrl-C: a cluster may not reply.

    `check` is called before a request is sent again, and may raise to give up.
    """

    def __init__(
        self, client: Client, alias: Callable[[Part], str], times: BulkTimes = DEFAULT_TIMES,
        check: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        self._times = times
        self._check = check
        self._client = client
        self._alias = alias
        self._threads = ThreadPoolExecutor(_PARALLEL, "bulk")
        self._pending: set[Future[None]] = set()

    def __enter__(self) -> BulkSender:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and not issubclass(kind, Exception):
            self._client.interrupt()
        self._threads.shutdown(cancel_futures=True)

    def send(self, built: Built, version: int) -> None:
        """Send documents in the background. Raises what an earlier request raised: EngineAway, ClusterError."""
        # Of dictionary entries the first one stays, so they are sent in order.
        for piece in _pieces(_creations(built.dictionary)):
            self._post("dictionary", piece)
        kinds: dict[Part, tuple[list[Document], list[int]]] = {
            "companies": (built.companies, built.deleted_companies),
            "contacts": (built.contacts, built.deleted_contacts),
        }
        for kind, (documents, deleted) in kinds.items():
            for piece in _pieces(chain(_documents(documents, version), _deletions(deleted, version))):
                self._wait(_PARALLEL)
                self._pending.add(self._threads.submit(self._post, kind, piece))

    def finish(self) -> None:
        """Wait until the cluster has all that was sent. Raises as `send` does."""
        self._wait(1)

    def _wait(self, below: int) -> None:
        """Wait until fewer than `below` requests are under way."""
        while len(self._pending) >= below:
            done, self._pending = wait(self._pending, return_when=FIRST_COMPLETED)
            for each in done:
                each.result()

    def _post(self, part: Part, piece: list[bytes]) -> None:
        deadline = time.monotonic() + self._times.items
        # Entries that exist are errors. Records hardly ever have any; then they are sent again, which changes nothing.
        query = _WITH_ERRORS if part == "dictionary" else _QUERY
        while True:
            reply = self._request(f"/{self._alias(part)}/_bulk?{query}", b"".join(piece))
            if not reply["errors"]:
                return
            if query == _QUERY:
                query = _WITH_ERRORS
                continue
            piece, error = _failed(piece, reply["items"])
            if error is None:
                return
            if time.monotonic() > deadline:
                raise EngineAway(error, retry_after=1)
            self._pause()

    def _request(self, path: str, body: bytes) -> dict[str, Any]:
        """Send a request, again and again while the cluster does not reply. That changes nothing: see above."""
        until = time.monotonic() + self._times.away
        while True:
            try:
                reply: dict[str, Any] = self._client.request_blocking("POST", path, body, seconds=self._times.request)
                return reply
            except EngineAway as error:
                if time.monotonic() >= until:
                    raise
                self._client.check_interrupted()
                _log.warning("the load of the index waits: %s", error)
            self._pause()

    def _pause(self) -> None:
        """Wait before something is sent again. Raises if it is not to be."""
        time.sleep(self._times.pause)
        self._client.check_interrupted()
        self._check()


def _failed(piece: list[bytes], items: list[dict[str, Any]]) -> tuple[list[bytes], str | None]:
    """The lines to send again, and the last error of them. Raises EngineAway and ClusterError for a document that is
    refused."""
    again: list[bytes] = []
    last: str | None = None
    for lines, item in zip(piece, items, strict=True):
        [result] = item.values()
        error = result.get("error")
        if error is None or error["type"] == _CONFLICT:
            continue
        refused = refusal("OpenSearch", result["status"], error["type"], str(error.get("reason")))
        if result["status"] != 429 and result["status"] < 500:
            raise refused
        again.append(lines)
        last = f"OpenSearch cannot index at present: {error['type']}: {error.get('reason')}"
        last = str(refused) if isinstance(refused, EngineAway) else last
    return again, last


def _documents(documents: Iterable[Document], version: int) -> Iterator[bytes]:
    for num, document in documents:
        yield b'{"index":{"_id":"%d","version":%d,"version_type":"external_gte"}}\n%s\n' % (
            num,
            version,
            with_digest(document),
        )


def _deletions(nums: Iterable[int], version: int) -> Iterator[bytes]:
    for num in nums:
        yield b'{"delete":{"_id":"%d","version":%d,"version_type":"external_gte"}}\n' % (num, version)


def _creations(entries: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    for name, document in entries:
        yield b'{"create":{"_id":"%s"}}\n%s\n' % (name.encode(), document)


def _pieces(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Parts of at least `_MAX_BYTES`, except the last."""
    piece: list[bytes] = []
    size = 0
    for each in lines:
        piece.append(each)
        size += len(each)
        if size >= _MAX_BYTES:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece
