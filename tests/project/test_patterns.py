"""Every regular expression of the program takes time that grows with the text and no faster."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from tests.hostile import TooSlow, bounded
from tests.project.patterns import METHODS, Use, calls, hostile, objects, uses

_SIZE: Final = 16_000
"""Characters of a hostile text. A linear pattern takes a few milliseconds at most; a quadratic one, seconds."""
_SECONDS: Final = 0.1
"""Processor time of one call, which nothing else on the machine makes longer."""


def _call(pattern: re.Pattern[Any], method: str) -> Callable[[Any], object]:
    if method in ("sub", "subn"):
        empty = b"" if isinstance(pattern.pattern, bytes) else ""
        return lambda text: getattr(pattern, method)(empty, text)
    if method == "finditer":
        return lambda text: sum(1 for _ in pattern.finditer(text))
    called: Callable[[Any], object] = getattr(pattern, method)
    return called


def _slow(use: Use) -> Iterator[str]:
    """The calls of a pattern that take too long, as words."""
    for text in hostile(use.pattern, _SIZE):
        for method in use.methods:
            try:
                with bounded(_SECONDS):
                    _call(use.pattern, method)(text)
            except TooSlow:
                yield f"{method} of {text[:30]!r} … {text[-10:]!r}"


USES: Final = uses()


@pytest.mark.parametrize("use", USES, ids=[use.name for use in USES])
def test_pattern_on_hostile_text_is_linear(use: Use) -> None:
    assert next(_slow(use), None) is None, f"{use.name}: {use.pattern.pattern!r}"


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"[^<>]*<\s*([^<>]*?)\s*>", "fullmatch"),
        (r"\s*(?:x-)?([a-z*-]+)\s*(?:;\s*q=([01]))?\s*", "search"),
        (r"(?:a|a)+b", "match"),
        (r"([a-z]+)*\.", "match"),
        (r"a+b", "search"),
        (r"\s+$", "sub"),
        (r"[0-9]+[a-f0-9]+x", "match"),
    ],
)
def test_hostile_texts_find_a_quadratic_pattern(pattern: str, method: str) -> None:
    assert next(_slow(Use("pattern", re.compile(pattern), (method,))), None) is not None


def test_every_compiled_pattern_is_tested() -> None:
    """Patterns compiled where no module holds them (in a function) would not be found."""
    known = len({id(pattern) for pattern in objects().values()})
    written = sum(call.owner == "re" and call.method == "compile" for call in calls())
    assert known >= written > 30


def test_patterns_given_to_re_functions_are_literals() -> None:
    """A pattern that is made when the program runs cannot be tested."""
    made = [
        call.place
        for call in calls()
        if call.owner == "re" and call.method in METHODS and not isinstance(call.arguments[0], ast.Constant)
    ]
    assert made == []
