"""The messages between a process that asks and the one that has the engine: MessagePack, one call a connection.

A message is its length in four bytes, big-endian, and its content.
"""

from __future__ import annotations

import asyncio
import struct
from typing import Any, Final, Literal, assert_never

import msgspec

from letrics.engines.base import (
    EngineAway,
    EngineBroken,
    EngineLoading,
    OutOfTime,
    SearchRequest,
    SearchResult,
    ValueCount,
    Window,
)
from letrics.fields import Fact, facet_fields, facts_of
from letrics.query.clauses import AllOf, AnyOf, Between, Clause, Contains, Flag, NoneOf, Query, Term
from letrics.records import KINDS, Kind
from letrics.store.base import Position, StoreAway

MAX_BYTES: Final = 64 * 1024 * 1024
"""The most bytes of one message. A query of 10,000 long values takes less than 10 MB."""

EngineError = EngineLoading | EngineBroken | OutOfTime | EngineAway | StoreAway
"""The errors of an engine that reach the process that asks."""

_LENGTH: Final = struct.Struct(">I")
"""The form of the length before a message."""
_FACTS: Final = {(kind, fact.name): fact for kind in KINDS for fact in facts_of(kind)}
_FACET_FIELDS: Final = {kind: {field.name: field for field in facet_fields(kind)} for kind in KINDS}


class _Clause(msgspec.Struct, array_like=True):
    """A clause, with the name of its type and of its fact."""

    type: str
    field: str
    fact: str
    terms: tuple[Term, ...] = ()
    exclude: bool = False
    low: int | None = None
    high: int | None = None


class SearchCall(msgspec.Struct, tag=True):
    """Asks for `SearchEngine.search`."""

    kind: Kind
    clauses: tuple[_Clause, ...]
    window: Window
    facets: tuple[str, ...]
    facet_size: int
    unmatched: bool


class ValuesCall(msgspec.Struct, tag=True):
    """Asks for `SearchEngine.values`."""

    kind: Kind
    fact: str
    typed: str
    limit: int


class PositionCall(msgspec.Struct, tag=True):
    """Asks for `SearchEngine.position`."""


class Found(msgspec.Struct, tag=True):
    """The result of a search."""

    result: SearchResult


class Values(msgspec.Struct, tag=True):
    """The values of a fact."""

    values: list[ValueCount]


class At(msgspec.Struct, tag=True):
    """The position of the engine."""

    position: Position | None


class Failure(msgspec.Struct, tag=True):
    """An error of the engine, by the name of its class. That its store is not available arrives as EngineAway."""

    error: Literal["EngineLoading", "EngineBroken", "OutOfTime", "EngineAway"]
    text: str
    retry_after: int = 0
    reason: str = ""

    @classmethod
    def of(cls, error: EngineError) -> Failure:
        """The message for an error."""
        match error:
            case EngineAway():
                return cls("EngineAway", str(error), error.retry_after, error.reason)
            case StoreAway():
                return cls.of(EngineAway(str(error)))
            case EngineLoading():
                return cls("EngineLoading", str(error))
            case EngineBroken():
                return cls("EngineBroken", str(error))
            case OutOfTime():
                return cls("OutOfTime", str(error))

    def exception(self) -> Exception:
        """The error that the message stands for."""
        match self.error:
            case "EngineLoading":
                return EngineLoading(self.text)
            case "EngineBroken":
                return EngineBroken(self.text)
            case "OutOfTime":
                return OutOfTime(self.text)
            case "EngineAway":
                return EngineAway(self.text, self.retry_after, self.reason)


EngineCall = SearchCall | ValuesCall | PositionCall
EngineReply = Found | Values | At | Failure

_encoder: Final = msgspec.msgpack.Encoder()
CALLS: Final[msgspec.msgpack.Decoder[EngineCall]] = msgspec.msgpack.Decoder(EngineCall)
REPLIES: Final[msgspec.msgpack.Decoder[EngineReply]] = msgspec.msgpack.Decoder(EngineReply)


def call_of(request: SearchRequest) -> SearchCall:
    """The message that asks for a search."""
    clauses = tuple(_form(clause) for clause in request.query.clauses)
    facets = tuple(field.name for field in request.facets)
    return SearchCall(request.query.kind, clauses, request.window, facets, request.facet_size, request.unmatched)


def request_of(call: SearchCall) -> SearchRequest:
    """The search that a message asks for. Raises KeyError if it names a field or fact that does not exist."""
    query = Query(call.kind, tuple(_clause(call.kind, form) for form in call.clauses))
    facets = tuple(_FACET_FIELDS[call.kind][name] for name in call.facets)
    return SearchRequest(query, call.window, facets, call.facet_size, call.unmatched)


def fact_named(kind: Kind, name: str) -> Fact:
    """The fact of searches of a kind. Raises KeyError."""
    return _FACTS[kind, name]


def _form(clause: Clause) -> _Clause:
    name, field, fact = type(clause).__name__, clause.field, clause.fact.name
    match clause:
        case AnyOf() | NoneOf():
            return _Clause(name, field, fact, clause.terms)
        case AllOf() | Contains():
            return _Clause(name, field, fact, clause.terms, clause.exclude)
        case Flag():
            return _Clause(name, field, fact, exclude=clause.exclude)
        case Between():
            return _Clause(name, field, fact, low=clause.low, high=clause.high)
        case _:
            assert_never(clause)


def _clause(kind: Kind, form: _Clause) -> Clause:
    field, fact = form.field, fact_named(kind, form.fact)
    match form.type:
        case "AnyOf":
            return AnyOf(field, fact, form.terms)
        case "NoneOf":
            return NoneOf(field, fact, form.terms)
        case "AllOf":
            return AllOf(field, fact, form.terms, form.exclude)
        case "Contains":
            return Contains(field, fact, form.terms, form.exclude)
        case "Flag":
            return Flag(field, fact, form.exclude)
        case "Between":
            return Between(field, fact, form.low, form.high)
        case _:
            raise KeyError(form.type)


async def send(writer: asyncio.StreamWriter, message: Any) -> None:
    """Send a message. Raises OSError."""
    content = _encoder.encode(message)
    writer.write(_LENGTH.pack(len(content)) + content)
    await writer.drain()


async def receive(reader: asyncio.StreamReader) -> bytes:
    """The content of the next message.

    Raises EOFError if the connection ends before it does, OSError, and ValueError if it is too long.
    """
    (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
    if length > MAX_BYTES:
        raise ValueError(f"a message of {length:,} bytes is too long")
    return await reader.readexactly(length)
