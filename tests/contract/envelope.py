"""A check of the envelope of failures."""

from __future__ import annotations

from letrics.errors import TABLE
from tests.api.caller import Reply

CODES = {kind.id: kind.code for kind in TABLE}


def check(reply: Reply, id: str, field: str | None = None) -> str:
    """Assert that the reply is exactly this failure in a valid envelope; returns its details."""
    assert reply.status == CODES[id], reply.body
    assert reply.headers["content-type"] == "application/json"
    body = reply.json
    assert list(body) == ["data", "meta", "errors"]
    assert body["data"] is None
    assert body["meta"] == {"request_id": reply.headers["x-request-id"]}
    assert len(body["errors"]) == 1
    item = body["errors"][0]
    assert (item["id"], item["code"], item.get("field")) == (id, CODES[id], field)
    assert set(item) <= {"id", "code", "details", "field"}
    assert len(item["details"]) > 10
    details: str = item["details"]
    return details
