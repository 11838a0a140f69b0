"""The body of a search: its media type, its size, and its JSON."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.api.body import MAX_BYTES, ClientGone, check_media_type, parse_object, read_body
from letrics.errors import LetricsError
from tests.api.calls import make_call

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 60), 1 << 60) | TEXT,
    lambda of: st.lists(of, max_size=3) | st.dictionaries(TEXT, of, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(TEXT, VALUES), st.booleans())
def test_parse_object_is_the_inverse_of_encoding(value: dict[str, Any], ascii: bool) -> None:
    assert parse_object(json.dumps(value, ensure_ascii=ascii).encode()) == value


def test_parse_object_empty_body_is_an_empty_object() -> None:
    assert parse_object(b"") == {}


@pytest.mark.parametrize(("number", "value"), [("1.0", 1), ("1e2", 100), ("-0.0", 0), ("1.5", 1.5)])
def test_parse_object_integral_number_is_an_integer(number: str, value: float) -> None:
    parsed = parse_object(b'{"page": %s}' % number.encode())["page"]
    assert (parsed, type(parsed)) == (value, type(value))


@pytest.mark.parametrize(
    ("body", "says"),
    [(b"[]", "must be a JSON object"), (b"1", "must be a JSON object"), (b'{"a": 1,}', "line 1, column"),
     (b'\xef\xbb\xbf{"a": 1}', "byte order mark"), (b'{"a": "\xff"}', r"byte 8 \(0xFF\)"),
     (b'{"a": NaN}', "contains NaN"), (b'{"a": "\\ud800"}', "lone surrogate"), (b'{"a": 1e999}', "too large"),
     (b"[" * 100_000, "nested too deeply"), (b'{"a": "\n"}', "not valid JSON")],
)  # fmt: skip
def test_parse_object_invalid_json_is_explained(body: bytes, says: str) -> None:
    with pytest.raises(LetricsError, match=says) as caught:
        parse_object(body)
    assert caught.value.kind.code == 400


@pytest.mark.parametrize(
    ("body", "key"),
    [(b'{"a": 1, "a": 2}', "a"), (b'{"a": 1, "\\u0061": 2}', "a"), (b'{"x": {"b": 1, "b": 1}}', "b"),
     (b"{" + b",".join(b'"k%d": 1' % n for n in [*range(150), 7]) + b"}", "k7")],
    ids=["plain", "escaped", "nested", "many"],
)  # fmt: skip
def test_parse_object_duplicate_key_is_refused(body: bytes, key: str) -> None:
    with pytest.raises(LetricsError, match=f'the key "{key}" twice') as caught:
        parse_object(body)
    assert caught.value.problems[0].field == key


@pytest.mark.parametrize(
    "value", [b"application/json", b"Application/JSON; charset=utf-8", b"application/vnd.api+json", b"text/x+json"]
)
def test_check_media_type_accepts_json(value: bytes) -> None:
    check_media_type(make_call(headers=[(b"content-type", value), (b"content-encoding", b"identity")]))


@pytest.mark.parametrize(
    ("name", "value"),
    [(b"content-type", b"text/plain"), (b"content-type", b""), (b"content-type", b"json"),
     (b"content-type", b"application/jsonx"), (b"content-encoding", b"gzip"), (b"content-encoding", b"gzip, identity")],
)  # fmt: skip
def test_check_media_type_refuses_others(name: bytes, value: bytes) -> None:
    with pytest.raises(LetricsError) as caught:
        check_media_type(make_call(headers=[(name, value)]))
    assert caught.value.kind.code == 415


def read(parts: list[bytes], headers: list[tuple[bytes, bytes]] | None = None, limit: int = MAX_BYTES) -> bytes:
    return asyncio.run(read_body(make_call(headers=headers or [], body=parts), limit))


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=10))
def test_read_body_joins_the_parts(parts: list[bytes]) -> None:
    assert read(parts) == b"".join(parts)


def test_read_body_has_an_exact_limit() -> None:
    assert read([b"abc", b"de"], limit=5) == b"abcde"
    for parts, headers in (([b"abc", b"def"], []), ([b""], [(b"content-length", b"6")])):
        with pytest.raises(LetricsError, match="exceeds 5 bytes") as caught:
            read(parts, headers, limit=5)
        assert caught.value.kind.code == 413


def test_read_body_of_a_client_that_left_raises() -> None:
    with pytest.raises(ClientGone):
        read([])
