"""URLs of databases in messages."""

from __future__ import annotations

import pytest

from letrics.database_url import without_password

_BARE = "postgresql://ann@a.example:5432,b.example/letrics"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ann:s3cret@a.example:5432,b.example/letrics", _BARE),
        ("postgresql://ann:s3/c@r:et@a.example:5432,b.example/letrics", _BARE),
        ("postgresql://ann:s3://ret@a.example:5432,b.example/letrics", _BARE),
        ("ann:s3cret@a.example", "ann@a.example"),
        ("postgresql://ann:@a.example:5432,b.example/letrics", _BARE),
        (f"{_BARE}?password=s3cret", _BARE),
        (f"{_BARE}?sslmode=verify-full&PassWord=s3cret&sslpassword=x", f"{_BARE}?sslmode=verify-full"),
        (f"{_BARE}?sslmode=require", f"{_BARE}?sslmode=require"),
        (f"{_BARE}?password=s3c@ret", "postgresql://ann@a.example"),
        ("postgresql://ann@a.example/letrics?password=s3@c@ret", "postgresql://ann@a.example"),
        ("postgresql://a.example?user=ann&password=s3c@ret", "postgresql://a.example"),
        ("postgresql://ann:s3?c&ret@a.example/letrics", "postgresql://ann"),
        ("postgresql:///letrics", "postgresql:///letrics"),
        ("", ""),
    ],
)
def test_without_password_leaves_the_rest_of_the_url(url: str, shown: str) -> None:
    assert without_password(url) == shown
