"""Texts and values that readers do not expect, and a limit on the processor time of one call."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Final

import msgspec
from hypothesis import strategies as st

UNITS: Final = (
    "a", " ", "\0", "\n", "\t", "<", "@", ".", "-", ":", ",", ";", "'", "=", "9", "\u0669", "\u00fc", "\ufdfa",
    "\u0301\u0323", "\u200f", "\u202e", "\ufeff", "\ud800", "\udc80", "xn--", "[", "{", '{"a":', "a.", "a,", "a@", "< ",
    "%25", "\U0001f600", "\u200b", "\u0130", '"', "\\u", "the ", "/", "?", "Berlin, ", "Europe, ", "\uff1d",
    "\ufdfa,", "\ufdfb", "\ufb03", "\uac01", "\u0344", "\u0f73", "\u0301\uff9e",
)  # fmt: skip
"""The units that long texts repeat: also halves of surrogate pairs, combining and direction marks, digits of other
scripts, and characters that become several, or combining marks, when folded."""

FRAMES: Final = (
    ("", ""), ("<", "x"), ("a@", ".com"), ("https://", ".com"), ("xn--", ""), ("[", "]"), ("2026-01-01T", "Z"),
    ("mailto:", ">"), ("a <", ">"), ("", "x"),
)  # fmt: skip
"""Texts before and after the repetitions."""


def long_texts(size: int) -> Iterator[str]:
    """Hostile texts of about `size` characters."""
    for unit in UNITS:
        for start, end in FRAMES:
            yield start + unit * (size // len(unit)) + end


def texts() -> st.SearchStrategy[str]:
    """Short texts of any characters there are, halves of surrogate pairs included, and what readers look for."""
    pieces = st.sampled_from(
        [*UNITS, *(piece for frame in FRAMES for piece in frame), "acme.example", "Germany", "1e9"]
    )
    mixed = st.lists(pieces | st.text(st.characters(), max_size=3), max_size=8).map("".join)
    return st.text(st.characters(), max_size=40) | mixed


class TooSlow(Exception):
    """A call took more processor time than it may."""


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raises TooSlow within the block, also in the middle of a match of a regular expression. Only the time of this
    process counts."""

    def stop(*_: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _nested(depth: int) -> list[Any]:
    nested: list[Any] = []
    for _ in range(depth):
        nested = [nested]
    return nested


_DEEP: Final = _nested(5_000)

ODD_VALUES: Final[list[Any]] = [
    _DEEP, 10**5_000, -(10**5_000), 1e308, float("inf"), float("nan"), Decimal("NaN"), b"\xff", {"a": _DEEP}, object(),
    ["x"] * 5_000, [None] * 5_000, [["x"]], [{}], [{"value": 1}], {1: 2}, True, ("a",),
    {"value": "a@b.example", "type": []},
]  # fmt: skip
"""Values that no reader expects."""

_LONG: Final = 30_000
"""Characters of a long text for a reader."""
_SECONDS: Final = 0.5
"""Processor time that a reader may take for one value."""
_MESSAGE: Final = 300
"""The most characters of a message, a shortened value included."""


def any_values() -> st.SearchStrategy[Any]:
    """Values of all types that files and requests can have, and those of ODD_VALUES."""
    return (
        texts() | st.integers() | st.floats() | st.none() | st.booleans() | st.sampled_from(ODD_VALUES)
        | st.lists(texts(), max_size=3)
        | st.dictionaries(st.sampled_from(["value", "type", "city", "region", "country", "text"]), texts(), max_size=3)
    )  # fmt: skip


def problem_with(reader: Callable[[Any], Any], value: Any) -> str | None:
    """What is wrong with how a reader of values handles a value; None if it returns an encodable value or raises a
    ValueError with a short message, in time."""
    try:
        with bounded(_SECONDS):
            read = reader(value)
    except TooSlow:
        return "takes too long"
    except ValueError as error:
        return None if type(error) is ValueError and len(str(error)) <= _MESSAGE else f"raises {error!r:.400}"
    except Exception as error:
        return f"raises {type(error).__name__}: {error}"
    try:
        msgspec.json.encode(read)
    except ValueError:
        return "gives what cannot be encoded"
    return None


def problem_with_long_texts(reader: Callable[[Any], Any]) -> str | None:
    """The first problem of a reader with a long text, and the text; None if there is none."""
    for text in long_texts(_LONG):
        problem = problem_with(reader, text)
        if problem is not None:
            return f"{problem}: {text[:20]!r} … {text[-10:]!r}"
    return None
