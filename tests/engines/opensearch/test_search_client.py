"""What a search makes of the replies of a cluster, against a client that returns prepared replies."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from letrics.engines.base import EngineAway, EngineLoading, OutOfTime
from letrics.engines.opensearch.cluster_client import ClusterError
from letrics.engines.opensearch.limits import SearchLimits
from letrics.engines.opensearch.names import IndexNames
from letrics.engines.opensearch.search_client import Deadline, SearchClient
from letrics.store.base import Position

NAMES = IndexNames("letrics", "f")
FOUND = {"hits": {"total": {"value": 3}}, "_shards": {"failed": 0}, "status": 200}


def failed(status: int, kind: str, cause: str = "none") -> dict[str, Any]:
    return {"error": {"type": kind, "reason": "because", "caused_by": {"type": cause}}, "status": status}


class ToldClient:
    """Returns the next of `replies` for each request; see Client."""

    def __init__(self, *replies: Any) -> None:
        self.replies = list(replies)
        self.sent: list[tuple[str, list[Any]]] = []

    async def request(
        self, method: str, path: str, body: object = None, *, seconds: float | None = None, missing: bool = False
    ) -> Any:
        """See Client."""
        lines = body.splitlines() if isinstance(body, bytes) else []
        self.sent.append((f"{method} {path}", list(map(msgspec.json.decode, lines))))
        return self.replies.pop(0)


def searched(*responses: Sequence[Any], bodies: int = 1, deadline: Deadline | None = None) -> tuple[Any, ToldClient]:
    """The replies to searches, and the client that returned `responses`."""
    client = ToldClient(*({"responses": replies} for replies in responses))
    searches = SearchClient(client, NAMES, SearchLimits(searches=2))
    asked = [{"size": at} for at in range(bodies)]
    return asyncio.run(searches.search_all("contacts", asked, deadline or Deadline(60), "same")), client


def test_search_all_sends_several_requests_of_limited_size() -> None:
    replies, client = searched([FOUND, FOUND], [FOUND], bodies=3)
    assert replies == [FOUND] * 3
    assert [path for path, _ in client.sent] == ["POST /_msearch"] * 2
    header, first, _, second = client.sent[0][1]
    assert header["index"] == "letrics-contacts-f" and header["preference"] == "same"
    assert header["allow_partial_search_results"] is False
    assert 0 < int(header["cancel_after_time_interval"].removesuffix("ms")) <= 60_000
    assert (first, second) == ({"size": 0}, {"size": 1})


def test_search_repeats_what_fails_for_a_moment() -> None:
    replies, _ = searched([failed(503, "no_shard_available_action_exception")], [failed(429, "rejected")], [FOUND])
    assert replies == [FOUND]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (failed(404, "index_not_found_exception"), EngineLoading),
        (failed(500, "search_phase_execution_exception", "task_cancelled_exception"), OutOfTime),
        (failed(400, "parsing_exception"), ClusterError),
        (failed(400, "search_phase_execution_exception", "too_many_nested_clauses"), EngineAway),
        (failed(403, "cluster_block_exception"), EngineAway),
        (failed(403, "security_exception"), EngineAway),
        (FOUND | {"_shards": {"failed": 1}}, EngineAway),
    ],
)
def test_search_raises_what_the_reply_means(reply: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        searched([FOUND, reply], bodies=2)


def test_search_without_a_copy_until_the_deadline_is_away() -> None:
    with pytest.raises(EngineAway, match="no_shard"):
        searched(*[[failed(503, "no_shard")]] * 100, deadline=Deadline(0.3))


def test_search_of_too_many_buckets_until_the_deadline_names_the_limit() -> None:
    reply = failed(503, "search_phase_execution_exception", "too_many_buckets_exception")
    with pytest.raises(EngineAway, match=r"search\.max_buckets"):
        searched(*[[reply]] * 100, deadline=Deadline(0.3))


def test_search_after_the_deadline_is_not_sent() -> None:
    times = iter([0.0, 3.0])
    deadline = Deadline(2.0, lambda: next(times))
    with pytest.raises(OutOfTime, match="longer than 2 s"):
        searched(deadline=deadline)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (None, None),
        ({"_source": {"log": "l", "seq": 7, "batch": "b"}}, Position("l", 7, "b")),
        ({"_source": {"log": "l", "seq": 7, "batch": "b", "suspended": True}}, None),
    ],
)
def test_position_is_that_of_the_document(reply: Any, expected: Position | None) -> None:
    client = ToldClient(reply)
    assert asyncio.run(SearchClient(client, NAMES).position()) == expected
    assert client.sent[0][0] == "GET /letrics-dictionary-f/_doc/position"


def test_entries_are_none_where_there_is_none() -> None:
    client = ToldClient({"docs": [{"found": True, "_source": {"label": "A"}}, {"found": False}]})
    assert asyncio.run(SearchClient(client, NAMES).entries(["1", "2"], Deadline(60))) == [{"label": "A"}, None]


def test_entry_that_cannot_be_read_is_not_taken_for_a_missing_one() -> None:
    lost = {"docs": [{"_id": "1", "error": {"type": "no_shard_available_action_exception", "reason": "lost"}}]}
    client = ToldClient(lost, {"docs": [{"found": True, "_source": {"label": "A"}}]})
    assert asyncio.run(SearchClient(client, NAMES).entries(["1"], Deadline(60))) == [{"label": "A"}]
    with pytest.raises(EngineAway, match=r"cannot read the dictionary at present: no_shard.*lost"):
        asyncio.run(SearchClient(ToldClient(*[lost] * 100), NAMES).entries(["1"], Deadline(0.3)))
    gone = {"docs": [{"error": {"type": "index_not_found_exception"}}]}
    with pytest.raises(EngineLoading):
        asyncio.run(SearchClient(ToldClient(gone), NAMES).entries(["1"], Deadline(60)))


def test_searches_of_a_query_share_its_index() -> None:
    client = ToldClient({"responses": [FOUND]}, {"responses": [FOUND]})
    searches = SearchClient(client, NAMES).searches("companies", Deadline(60), "same")
    assert asyncio.run(searches.run({})) == FOUND
    assert asyncio.run(searches.run({}, "dictionary")) == FOUND
    assert [lines[0]["index"] for _, lines in client.sent] == ["letrics-companies-f", "letrics-dictionary-f"]
