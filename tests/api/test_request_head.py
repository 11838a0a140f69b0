"""The checks of a request's head."""

from __future__ import annotations

import pytest

from letrics.api.request_head import MAX_HEADERS, origin_form
from letrics.errors import LetricsError

HOST = (b"host", b"x:80")


@pytest.mark.parametrize(
    ("url", "target"),
    [(b"/a?b", b"/a?b"), (b"http://x:80/a", b"/a"), (b"HTTPS://X:80?b", b"/?b"), (b"http://x:80", b"/")],
)
def test_origin_form_keeps_path_and_query(url: bytes, target: bytes) -> None:
    assert origin_form(url, "1.1", [HOST]) == target


@pytest.mark.parametrize(
    ("url", "version", "headers", "reason"),
    [
        (b"/", "2.0", [HOST], "HTTP/2.0"),
        (b"/", "1.0", [HOST, (b"transfer-encoding", b"chunked")], "chunked"),
        (b"/", "1.1", [HOST, (b"transfer-encoding", b"gzip, chunked")], "chunked"),
        (b"/", "1.1", [HOST, (b"a", b"b" * MAX_HEADERS)], "headers"),
        (b"http://y/", "1.1", [HOST], "host"),
        (b"http://x:80/", "1.1", [HOST, HOST], "host"),
        (b"x:80", "1.1", [HOST], "slash"),
    ],
)
def test_origin_form_refuses_ambiguous_requests(
    url: bytes, version: str, headers: list[tuple[bytes, bytes]], reason: str
) -> None:
    with pytest.raises(LetricsError, match=reason):
        origin_form(url, version, headers)
