"""Offers an engine to other processes of the same user through a Unix socket."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from letrics.engines.base import EngineAway, EngineBroken, EngineLoading, OutOfTime, SearchEngine
from letrics.engines.served.wire import (
    CALLS,
    At,
    EngineCall,
    EngineReply,
    Failure,
    Found,
    PositionCall,
    SearchCall,
    Values,
    ValuesCall,
    fact_named,
    receive,
    request_of,
    send,
)
from letrics.store.base import StoreAway

_log: Final = logging.getLogger("letrics.engines")

_CALL_SECONDS: Final = 10.0
"""The most seconds that a caller may take to send its call, or to read the reply."""


_CONNECT_SECONDS: Final = 0.5
"""The most seconds that a connection may take until no process is taken to be there."""


@asynccontextmanager
async def offered(engine: SearchEngine, path: Path) -> AsyncGenerator[None, None]:
    """Offer the engine at `path` until the block ends. Only the user of this process can connect.

    If several processes offer an engine at one path, the last one gets the calls. Without a place for the socket (the
    path is longer than the system allows, the directory is read-only) nothing is offered.
    """
    try:
        bound, inode = _bind(path)
    except OSError as error:
        _log.warning("commands cannot ask this server, and load a separate index: %s", error)
        yield
        return

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _answer(engine, reader, writer)
        except (EOFError, OSError, TimeoutError, ValueError, KeyError, msgspec.MsgspecError) as error:
            _log.info("a call of the engine failed: %s", type(error).__name__)
        finally:
            writer.close()

    server = await asyncio.start_unix_server(answer, sock=bound)
    try:
        yield
    finally:
        server.close()
        with suppress(OSError):
            if path.stat().st_ino == inode:
                path.unlink()


def is_offered(path: Path) -> bool:
    """Whether a running process offers an engine at `path`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.settimeout(_CONNECT_SECONDS)
        try:
            caller.connect(str(path))
        except OSError:
            return False
    return True


def _bind(path: Path) -> tuple[socket.socket, int]:
    """A bound socket that only this user can connect to, and the inode of its file. Raises OSError."""
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        bound.bind(str(temporary))
        temporary.chmod(0o600)  # no one can connect before the server listens
        inode = temporary.stat().st_ino
        temporary.replace(path)
    except BaseException:
        bound.close()
        temporary.unlink(missing_ok=True)
        raise
    return bound, inode


async def _answer(engine: SearchEngine, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    async with asyncio.timeout(_CALL_SECONDS):
        try:
            content = await receive(reader)
        except asyncio.IncompleteReadError as error:
            if not error.partial:  # it only wanted to know whether a process is there, see `is_offered`
                return
            raise
        call = CALLS.decode(content)
    reply: EngineReply
    try:
        reply = await _run(engine, call)
    except (EngineLoading, EngineBroken, OutOfTime, EngineAway, StoreAway) as error:
        reply = Failure.of(error)
    async with asyncio.timeout(_CALL_SECONDS):
        await send(writer, reply)


async def _run(engine: SearchEngine, call: EngineCall) -> EngineReply:
    match call:
        case SearchCall():
            return Found(await engine.search(request_of(call)))
        case ValuesCall():
            return Values(await engine.values(call.kind, fact_named(call.kind, call.fact), call.typed, call.limit))
        case PositionCall():
            return At(await engine.position())
