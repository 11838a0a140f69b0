"""What a setting requires, in words that follow "must be"."""

from __future__ import annotations

from typing import Annotated

import msgspec
import pytest

from letrics.setting_values import ALLOWED, required, shown


class Example(msgspec.Struct):
    port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 8000
    share: Annotated[float, msgspec.Meta(gt=0)] = 0.5
    secure: bool = False
    host: Annotated[str, msgspec.Meta(extra={ALLOWED: "a host name"})] = ""
    note: str = ""
    limit: Annotated[int, msgspec.Meta(ge=1)] | None = None
    origins: tuple[Annotated[str, msgspec.Meta(extra={ALLOWED: "an origin"})], ...] = ()


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [("port", 70_000, "at most 65535"), ("port", "70000", "at most 65535"), ("port", -1, "at least 0"),
     ("port", "x", "a whole number"), ("port", True, "a whole number"), ("port", "1.5", "a whole number"),
     ("port", "9" * 300, "at most 65535"), ("share", "x", "a number"), ("secure", "maybe", "true or false"),
     ("host", 7, "a host name"), ("note", 7, "text"), ("limit", 0, "at least 1"), ("limit", "x", "a whole number"),
     ("origins", "x", "a list, each an origin")],
)  # fmt: skip
def test_required_names_the_violated_bound_or_form(name: str, value: object, text: str) -> None:
    assert required(Example, name, value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(7, "7"), ("7", "7"), ("-7", "-7"), ("x", '"x"'), (True, "true"), (None, "null"), (["a", 1], '["a", 1]'),
     ("é\n", '"\\u00e9\\n"'), ("x" * 100, '"' + "x" * 76 + "…"), ("9" * 400, '"' + "9" * 76 + "…")],
)  # fmt: skip
def test_shown_quotes_strings_and_shortens_them(value: object, text: str) -> None:
    assert shown(value) == text and len(shown(value)) <= 80
