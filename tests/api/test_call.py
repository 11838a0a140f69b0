"""The request object: request ids."""

from __future__ import annotations

import pytest

from tests.api.caller import Caller
from tests.api.calls import make_call

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


@pytest.mark.parametrize(
    ("path", "segments"),
    [("/", ("",)), ("/v1/contacts", ("v1", "contacts")), ("/v1/contacts/crm%3Ae%2F5", ("v1", "contacts", "crm:e/5")),
     ("/v1/contacts/", ("v1", "contacts", "")), ("/docs/%C3%BC", ("docs", "ü")), ("/docs/%ff", None)],
)  # fmt: skip
def test_segments_are_split_then_decoded(path: str, segments: tuple[str, ...] | None) -> None:
    assert make_call(path).segments == segments


def test_segments_not_utf8_under_v1_stay_under_v1() -> None:
    call = make_call("/v1/contacts/%ff")
    assert call.under_v1() and not make_call("/docs/%ff").under_v1() and not make_call("/v1x").under_v1()


def test_header_has_all_values_of_a_name() -> None:
    call = make_call(headers=[(b"a", b"1"), (b"b", b"2"), (b"a", b"3")])
    assert (call.header(b"a"), call.header(b"b"), call.header(b"c")) == ([b"1", b"3"], [b"2"], ())


@pytest.mark.parametrize(("target", "length"), [("/", 1), ("/a%20b", 6), ("/a?b=c", 6), ("/a?", 2)])
def test_url_length_counts_raw_bytes(target: str, length: int) -> None:
    assert make_call(target).url_length() == length
