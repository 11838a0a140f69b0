"""Messages between processes: what is sent arrives as it was."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from letrics.engines.base import (
    EngineAway,
    EngineBroken,
    EngineLoading,
    OutOfTime,
    SearchRequest,
    SearchResult,
    Unmatched,
    ValueCount,
    Window,
)
from letrics.engines.served.wire import (
    CALLS,
    MAX_BYTES,
    REPLIES,
    EngineError,
    Failure,
    Found,
    SearchCall,
    call_of,
    fact_named,
    receive,
    request_of,
)
from letrics.fields import facet_fields, fields_of
from letrics.query import parse_request
from letrics.query.clauses import AllOf, AnyOf, Between, Clause, Contains, Flag, NoneOf
from letrics.records import KINDS, Kind
from letrics.store.base import Position, StoreDamaged


def body_of_all_fields(kind: Kind) -> dict[str, object]:
    """A body with the example of every field of searches of a kind, included and excluded."""
    body: dict[str, object] = {}
    for field in fields_of(kind):
        if field.is_array:
            body[field.name] = body[f"exclude_{field.name}"] = [str(field.example)]
        elif field.kind == "number":
            body[field.name] = int(field.example)
        elif field.bound != "max" and field.kind != "modifier":
            body[field.name] = field.example
    return body


def sent(call: SearchCall) -> SearchCall:
    received = CALLS.decode(msgspec.msgpack.encode(call))
    assert isinstance(received, SearchCall)
    return received


@pytest.mark.parametrize("kind", KINDS)
def test_request_with_every_field_arrives_as_it_was(kind: Kind) -> None:
    query = parse_request(kind, body_of_all_fields(kind)).query
    types: set[type[Clause]] = {type(clause) for clause in query.clauses}
    assert types >= {AnyOf, NoneOf, AllOf, Contains, Flag, Between}
    request = SearchRequest(query, Window("newest", 3, 7, 11), facet_fields(kind), 5, unmatched=True)
    assert request_of(sent(call_of(request))) == request


def test_result_arrives_as_it_was() -> None:
    unmatched = [Unmatched("locations", "Atlantis", ("Atlanta",))]
    result = SearchResult(9, [2, 1], True, Position("log", 4, "batch"), unmatched, [[ValueCount("a", 3)], []])
    reply = REPLIES.decode(msgspec.msgpack.encode(Found(result)))
    assert isinstance(reply, Found) and reply.result == result and reply.result.position == result.position


@pytest.mark.parametrize(
    "error", [EngineLoading("a"), OutOfTime("b"), EngineAway("c", 17, "rights are missing"), EngineBroken("KeyError")]
)
def test_error_arrives_as_it_was(error: EngineError) -> None:
    reply = REPLIES.decode(msgspec.msgpack.encode(Failure.of(error)))
    assert isinstance(reply, Failure)
    arrived = reply.exception()
    assert type(arrived) is type(error) and str(arrived) == str(error)
    assert vars(arrived) == vars(error)


def test_store_that_is_away_arrives_as_an_engine_that_is_away() -> None:
    arrived = Failure.of(StoreDamaged("letrics.db", "contact", 7)).exception()
    assert type(arrived) is EngineAway and "run `letrics check`" in str(arrived).lower()


def test_unknown_fact_or_clause_is_an_error() -> None:
    with pytest.raises(KeyError):
        fact_named("contacts", "nothing")
    call = call_of(SearchRequest(parse_request("contacts", {"exclude_is_decision_maker": True}).query))
    call.clauses[0].type = "Other"
    with pytest.raises(KeyError):
        request_of(call)


@pytest.mark.parametrize(
    ("data", "error"),
    [(b"", EOFError), (b"\x00\x00", EOFError), (b"\x00\x00\x00\x05ab", EOFError), (b"\xff\xff\xff\xff", ValueError)],
)
def test_damaged_message_is_an_error(data: bytes, error: type[Exception]) -> None:
    async def read() -> bytes:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        return await receive(reader)

    assert MAX_BYTES < 0xFFFFFFFF
    with pytest.raises(error):
        asyncio.run(read())
