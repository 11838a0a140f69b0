"""Email addresses in a cell: several, and dirty ones."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.normalize.email_list import read_emails
from tests.hostile import texts


@pytest.mark.parametrize(
    "separator", [";", "; ", ",", ", ", " ::: ", "|", " | ", " / ", "/", "\n", "\r\n", " ", "\t", ";\n", ", ; "]
)
def test_read_emails_splits_at_each_separator(separator: str) -> None:
    assert read_emails(separator.join(["a@x.com", "b@x.com", "c@y.org"])) == (("a@x.com", "b@x.com", "c@y.org"), ())


@pytest.mark.parametrize(
    "text",
    [
        "a@x.com",
        " a@x.com ",
        "a@x.com,",
        "a@x.com;",
        "a@x.com.",
        "\u200ba@x.com",
        "a@x.com\u200b",
        "a\u200b@x.com",
        "\ufeffa@x.com",
        "'a@x.com'",
        '"a@x.com"',
        "\u201ca@x.com\u201d",
        "<a@x.com>",
        "(a@x.com)",
        "[a@x.com]",
        "a@x.com (work)",
        "a@x.com [private]",
        "Work: a@x.com",
        "mailto:a@x.com",
        "MAILTO:a@x.com?subject=Hi&cc=b@x.com",
        "Ann Abel <a@x.com>",
        "Abel, Ann <a@x.com>",
        '"Abel, Ann" <a@x.com>',
        "Ann Abel (a@x.com)",
        "a@X.COM",
        "a@x.com\u00a0",
        "a@x.com; A@x.com",
        "a@x.com; n/a",
        "a@x.com, -",
        "a@x.com; email_not_unlocked@domain.com",
        ";;a@x.com;;",
        '<a href="mailto:a@x.com">a@x.com</a>',
        "a@x.com mailto:a@x.com",
        "a@x.com\u202c",
    ],
)
def test_read_emails_of_a_dirty_address_is_clean(text: str) -> None:
    assert read_emails(text) == (("a@x.com",), ())


@pytest.mark.parametrize(
    ("text", "addresses", "parts"),
    [
        ("jane; a@x.com", ("a@x.com",), ["jane"]),
        ("a@x.com, jane@, b@x.com", ("a@x.com", "b@x.com"), ["jane@"]),
        ("a@x.com b@@x.com", ("a@x.com",), ["b@@x.com"]),
        ("jane", (), ["jane"]),
        ("a@x.comb@x.com", (), ["a@x.comb@x.com"]),
        ("a@localhost", (), ["a@localhost"]),
        ("", (), []),
        ("email_not_unlocked@acme.com", (), []),
        ("o'brien@x.com", ("o'brien@x.com",), []),
        ("a/b@x.com", ("a/b@x.com",), []),
        ("jörg@müller.de", ("jörg@xn--mller-kva.de",), []),
    ],
)
def test_read_emails_reports_parts_that_are_none(text: str, addresses: tuple[str, ...], parts: list[str]) -> None:
    read = read_emails(text)
    assert (read.addresses, [part for part, _ in read.problems]) == (addresses, parts)


_pieces = st.sampled_from(
    ["a@x.com", "@", ";", ",", " ", "<", ">", "mailto:", "(", ")", "'", "/", "b", "x.org", "\u200b", "n/a"]
)


@given(texts() | st.lists(_pieces, max_size=10).map("".join))
def test_read_emails_of_its_own_addresses_is_the_same(text: str) -> None:
    with contextlib.suppress(ValueError):
        addresses = read_emails(text).addresses
        assert read_emails("; ".join(addresses)) == (addresses, ())
