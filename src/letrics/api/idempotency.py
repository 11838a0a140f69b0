"""The header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a repeated request does not run again.

The first request with a key runs, and its response is stored for 24 hours. The same request with the same key gets that
response, with the header `Idempotent-Replayed: true`. The body of a request is hashed as it arrives, so an upload of
any size needs no memory.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import Any, Final, TypeVar

from starlette.types import Message, Receive

from letrics.accounts.principal import Principal
from letrics.api.body import ClientGone
from letrics.api.call import Call
from letrics.api.failures import as_failure
from letrics.api.response import ApiResponse, failure
from letrics.api.routes import Handler
from letrics.api.stored_requests import OtherRequest, RequestBody, StillRunning, StoredRequests, StoredResponse
from letrics.errors import CONFLICT, IDEMPOTENCY_MISMATCH, INVALID_INPUT, LetricsError, problem
from letrics.query.request_values import shown
from letrics.request_time import waiting_time
from letrics.store.base import StoreAway

_log: Final = logging.getLogger("letrics.api")

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"
MAX_KEY: Final = 255
"""The maximum length of a key, in characters."""
_RENEW_SECONDS: Final = 10.0
"""Seconds after which a running request is noted as running again."""
_QUOTED: Final = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
"""Matches a string of RFC 9651, section 3.3.3, as the draft has keys. Group 1 is the escaped text."""
_PLAIN: Final = re.compile("[!-~]+")
"""Matches a key without quotes: visible ASCII characters."""
_NOT_STORED: Final = frozenset({401, 403, 409, 413, 415, 429})
"""Statuses of requests that did not run, and can succeed later. Neither are the statuses from 500 stored."""
_Result = TypeVar("_Result")


class Idempotency:
    """Runs requests that may have an Idempotency-Key. `wait_seconds` is how long `file` may take."""

    def __init__(
        self, file: StoredRequests, renew_seconds: float = _RENEW_SECONDS, wait_seconds: float | None = None
    ) -> None:
        self._file = file
        self._wait_seconds = wait_seconds
        self._renew_seconds = renew_seconds
        self._thread = ThreadPoolExecutor(1, "idempotency")  # a separate one: renewing must not wait for other work

    async def run(self, call: Call, handler: Handler) -> ApiResponse:
        """Run the request, or return the response that it had before.

        Raises what `handler` raises, LetricsError (conflict, idempotency_mismatch; invalid_input for a key that is not
        valid) and StoreAway. A caller without the scope write cannot run requests that write: the key is ignored.
        """
        given = call.header(HEADER.lower().encode())
        if not given or call.principal is None or not call.principal.may("write"):
            return await handler(call)
        key = _digest_of(call.principal, _read_key(given))
        body = _HashedBody(call.receive)
        call.receive = body.receive
        try:
            seconds = None if self._wait_seconds is None else waiting_time(self._wait_seconds)
            begun = await self._in_thread(self._file.begin, key, _head_of(call), seconds=seconds)
        except StillRunning:
            details = f"A request with this {HEADER} is still running: retry in a moment to get its response"
            raise problem(CONFLICT, details) from None
        except OtherRequest:
            raise _mismatch() from None
        if isinstance(begun, StoredResponse):
            return await _replay(call, body, begun)
        return await self._run(call, handler, body, key, begun)

    async def _run(self, call: Call, handler: Handler, body: _HashedBody, key: bytes, owner: bytes) -> ApiResponse:
        renewing = asyncio.create_task(self._renew(key, owner))
        has_run = False
        try:
            if call.method == "POST":
                await body.read_ahead()
            try:
                response = await handler(call)
            except ClientGone:
                raise
            except Exception as error:
                response = failure(as_failure(error, call), call.request_id)
            succeeded = response.status < 400
            has_run = _is_final(response) and (succeeded or body.is_complete or call.method != "POST")
            if succeeded and call.method == "POST":
                with suppress(ClientGone):  # the request has run, so its body ends here
                    await body.read_rest()
            if has_run:
                of_body = body.read if call.method == "POST" else _NO_BODY
                finishing = self._in_thread(self._file.finish, key, owner, of_body, call.request_id, response)
                with _logged("storing a response"):
                    await asyncio.shield(finishing)
            return response
        finally:
            renewing.cancel()
            if not has_run:
                with _logged("releasing a key"):
                    await self._in_thread(self._file.release, key, owner)

    async def _in_thread(self, work: Callable[..., _Result], *values: Any, seconds: float | None = None) -> _Result:
        try:
            async with asyncio.timeout(self._wait_seconds if seconds is None else seconds):
                return await asyncio.get_running_loop().run_in_executor(self._thread, work, *values)
        except TimeoutError:
            raise StoreAway("the responses of requests with a key cannot be read or written in time") from None

    async def _renew(self, key: bytes, owner: bytes) -> None:
        while True:
            await asyncio.sleep(self._renew_seconds)
            with _logged("noting that a request is running"):
                await self._in_thread(self._file.renew, key, owner)


@contextmanager
def _logged(work: str) -> Iterator[None]:
    """Log a failure of the file. The request itself has run, so it does not fail."""
    try:
        yield
    except StoreAway as error:
        _log.error("%s for an Idempotency-Key failed: %s", work, error)


class _HashedBody:
    """Receives the body of a request and hashes its parts."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._hash = sha256()
        self._size = 0
        self._ahead: Message | None = None
        self.is_complete = False

    @property
    def read(self) -> RequestBody:
        """What was received so far."""
        return RequestBody(self._hash.digest(), self._size)

    async def receive(self) -> Message:
        message = self._ahead or await self._receive()
        self._ahead = None
        if message["type"] == "http.request":
            part: bytes = message.get("body", b"")
            self._hash.update(part)
            self._size += len(part)
            self.is_complete = not message.get("more_body", False)
        return message

    async def read_ahead(self) -> None:
        """Receive the first part, before a handler that may not read it: after a client has closed its connection,
        nothing can be received. Raises ClientGone."""
        self._ahead = await self._receive()
        if self._ahead["type"] == "http.disconnect":
            raise ClientGone

    async def read_rest(self, most: float = float("inf")) -> None:
        """Receive the rest of the body, but not much more than `most` bytes in total. Raises ClientGone."""
        while not self.is_complete and self._size <= most:
            if (await self.receive())["type"] == "http.disconnect":
                raise ClientGone


_NO_BODY: Final = RequestBody(sha256().digest(), 0)
"""The body of methods other than POST, which have none."""


async def _replay(call: Call, body: _HashedBody, stored: StoredResponse) -> ApiResponse:
    """The stored response. Raises LetricsError (idempotency_mismatch) if the body of the request differs."""
    if call.method == "POST":
        await body.read_rest(stored.of_body.size)
        if body.read != stored.of_body:
            raise _mismatch()
    call.request_id = stored.request_id
    response = stored.response
    response.headers.append((REPLAYED.lower().encode(), b"true"))
    return response


def _is_final(response: ApiResponse) -> bool:
    return response.stream is None and response.status < 500 and response.status not in _NOT_STORED


def _mismatch() -> LetricsError:
    details = (
        f"This {HEADER} was used with a different request in the last 24 hours: send each request with its own key"
    )
    return problem(IDEMPOTENCY_MISMATCH, details, field=HEADER)


def _read_key(given: Sequence[bytes]) -> str:
    """The key in the values of the header. Raises LetricsError (invalid_input)."""
    if len(given) > 1:
        raise problem(INVALID_INPUT, f"The request has {len(given)} {HEADER} headers: send one", field=HEADER)
    text = given[0].decode("latin-1").strip()
    quoted = _QUOTED.fullmatch(text)
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else text
    if not key:
        raise problem(INVALID_INPUT, f"{HEADER} is empty: send a random one, such as a UUID", field=HEADER)
    if len(key) > MAX_KEY:
        details = f"{HEADER} has {len(key):,} characters; at most {MAX_KEY} are allowed"
        raise problem(INVALID_INPUT, details, field=HEADER)
    if not quoted and not _PLAIN.fullmatch(text):
        details = f"{HEADER} {shown(text)} must consist of visible ASCII characters without spaces, such as a UUID"
        raise problem(INVALID_INPUT, details, field=HEADER)
    return key


def _digest_of(principal: Principal, key: str) -> bytes:
    """The digest under which a key of a caller is stored: each token has its own keys."""
    return sha256(f"{principal.user_id} {principal.token_id} {key}".encode()).digest()


def _head_of(call: Call) -> bytes:
    """The digest of a request without its body."""
    path: bytes = call.scope.get("raw_path") or call.scope["path"].encode()
    media_types = b" ".join(call.header(b"content-type"))
    return sha256(b"\n".join((call.method.encode(), path, call.query, media_types))).digest()
