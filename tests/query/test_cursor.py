"""Cursors: they restore the position they were made of, for the same filters and order only."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.query import Order, Query, parse_request
from letrics.query.cursor import decode_cursor, encode_cursor

ALL = Query("contacts")
ORDERS: tuple[Order, ...] = ("oldest", "newest")


def query(**body: Any) -> Query:
    return parse_request("contacts", body).query


def with_checksum(body: bytes) -> str:
    return base64.urlsafe_b64encode(body + zlib.crc32(body).to_bytes(4, "big")).decode().rstrip("=")


@given(st.integers(0, 2**64 - 1), st.sampled_from(ORDERS))
def test_cursor_decoded_is_the_num_that_was_encoded(num: int, order: Order) -> None:
    text = encode_cursor(ALL, order, num)
    assert decode_cursor(text, ALL, order) == num
    assert len(text) == 30 and text.replace("-", "").replace("_", "").isalnum()


def test_cursor_has_the_documented_format() -> None:
    text = encode_cursor(ALL, "newest", 7)
    data = base64.urlsafe_b64decode(text + "==")
    assert len(data) == 22
    assert (data[0], data[1], data[10:18]) == (1, 1, (7).to_bytes(8, "big"))
    assert int.from_bytes(data[18:], "big") == zlib.crc32(data[:18])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"job_titles": ["Manager", "CTO"]}, {"job_titles": ["cto", " manager "]}),
        ({"job_titles": ["a"], "tlds": ["com"]}, {"tlds": ["COM"], "job_titles": ["A"]}),
        ({"industries": ["Büro"]}, {"industries": ["BÜRO"]}),
        ({"added_after": "2026-01-31"}, {"added_after": "2026-01-31T00:00:00Z"}),
        ({"is_decision_maker": False}, {}),
    ],
)
def test_cursor_is_valid_for_the_same_filters_written_otherwise(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert decode_cursor(encode_cursor(query(**before), "oldest", 5), query(**after), "oldest") == 5


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"job_titles": ["a"]}),
        ({"job_titles": ["a"]}, {"exclude_job_titles": ["a"]}),
        ({"job_titles": ["a"]}, {"departments": ["a"]}),
        ({"job_titles": ["a", "b"]}, {"job_titles": ["a b"]}),
        ({"locations": ["Berlin"]}, {"locations": ["Berlin"], "primary_location_only": True}),
        ({"employees_min": 1}, {"employees_max": 1}),
        ({"employees_min": 1}, {"employees_min": 2}),
        ({"is_decision_maker": True}, {"has_personal_email": True}),
    ],
)
def test_cursor_of_other_filters_is_refused(before: dict[str, Any], after: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="other filters"):
        decode_cursor(encode_cursor(query(**before), "oldest", 5), query(**after), "oldest")


def test_cursor_of_the_other_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="other filters"):
        decode_cursor(encode_cursor(ALL, "oldest", 5), Query("companies"), "oldest")


@pytest.mark.parametrize(("made", "sent"), [ORDERS, ORDERS[::-1]])
def test_cursor_of_the_other_order_names_it(made: Order, sent: Order) -> None:
    with pytest.raises(ValueError, match=f"the order {made}: send that order"):
        decode_cursor(encode_cursor(ALL, made, 5), ALL, sent)


@given(st.integers(0, 2**64 - 1), st.integers(0, 29), st.characters())
def test_cursor_with_one_changed_character_is_refused(num: int, at: int, character: str) -> None:
    text = encode_cursor(ALL, "oldest", num)
    changed = text[:at] + character + text[at + 1 :]
    if changed != text:
        with pytest.raises(ValueError, match="valid cursor"):
            decode_cursor(changed, ALL, "oldest")


@pytest.mark.parametrize("num", range(4))
def test_other_spelling_of_the_same_bytes_is_refused(num: int) -> None:
    text = encode_cursor(ALL, "oldest", num)
    for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
        if last != text[-1]:
            with pytest.raises(ValueError, match="valid cursor"):
                decode_cursor(text[:-1] + last, ALL, "oldest")


@pytest.mark.parametrize("text", ["", "=", "a", "AAAA", "é", "\ud800", "A" * 30, "A" * 10_000, "x y"])
def test_cursor_of_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"send the meta\.next_cursor of a page unchanged"):
        decode_cursor(text, ALL, "oldest")


def test_cursor_of_another_version_says_to_restart() -> None:
    data = base64.urlsafe_b64decode(encode_cursor(ALL, "oldest", 5) + "==")
    with pytest.raises(ValueError, match="another version of Letrics: restart without a cursor"):
        decode_cursor(with_checksum(b"\x02" + data[1:18]), ALL, "oldest")
