"""Cookies and origin checks, for headers of any length."""

from __future__ import annotations

import pytest

from letrics.accounts.browser import MAX_COOKIES, cookie


@pytest.mark.parametrize(
    ("headers", "value"),
    [([b"a=1"], "1"), ([b"b=2; a=1;c=3"], "1"), ([b" a = 1 "], "1"), ([b"a=1=2"], "1=2"), ([b"b=2", b"a=1"], "1"),
     ([b"a"], ""), ([b"a=1; a=1"], ""), ([b"a=1", b"a=2"], ""), ([b"ba=1; ab=2"], ""), ([], "")],
)  # fmt: skip
def test_cookie_by_name(headers: list[bytes], value: str) -> None:
    assert cookie([(b"cookie", header) for header in headers], "a") == value


def test_cookie_header_over_the_limit_is_ignored() -> None:
    header = b"a=1;" + b";" * MAX_COOKIES
    assert cookie([(b"cookie", header)], "a") == ""
    assert cookie([(b"cookie", header[:MAX_COOKIES])], "a") == "1"
