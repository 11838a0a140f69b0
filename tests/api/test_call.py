"""The request object: request ids."""

from __future__ import annotations

import pytest

from tests.api.caller import Caller

EVERYWHERE = ["/v1/contacts", "/v1/contacts/ann", "/v1/nothing", "/healthz", "/readyz", "/metrics", "/openapi.json",
              "/docs", "/static/docs.css", "/", "/nothing"]  # fmt: skip


@pytest.mark.parametrize("target", EVERYWHERE)
def test_a_well_formed_request_id_is_kept(api: Caller, target: str) -> None:
    for given in ("a", "A-b_c.9", "x" * 128):
        assert api.get(target, headers={"X-Request-Id": given}).headers["x-request-id"] == given
    for bad in ("", " ", "a b", "x" * 129, "é", "a,b", "<script>"):
        assert api.get(target, headers={"X-Request-Id": bad}).headers["x-request-id"] != bad


def test_two_request_ids_are_none(api: Caller) -> None:
    reply = api.get("/healthz", headers={"X-Request-Id": "a"}, more=[("X-Request-Id", "b")])
    assert reply.headers["x-request-id"] not in ("a", "b", "a, b")
