"""Texts that readers were not made for, and a limit on the processor time of one call."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from hypothesis import strategies as st

UNITS: Final = (
    "a", " ", "\0", "\n", "\t", "<", "@", ".", "-", ":", ",", ";", "'", "=", "9", "\u0669", "\u00fc", "\ufdfa",
    "\u0301\u0323", "\u200f", "\u202e", "\ufeff", "\ud800", "\udc80", "xn--", "[", "{", '{"a":', "a.", "a,", "a@", "< ",
    "%25", "\U0001f600", "\u200b", "\u0130", '"', "\\u", "the ", "/", "?", "Berlin, ", "Europe, ", "\uff1d",
)  # fmt: skip
"""What long texts are repetitions of: also halves of surrogate pairs, marks that combine or turn the direction of
writing, digits of other scripts, and letters that become many when folded."""

FRAMES: Final = (
    ("", ""), ("<", "x"), ("a@", ".com"), ("https://", ".com"), ("xn--", ""), ("[", "]"), ("2026-01-01T", "Z"),
    ("mailto:", ">"), ("a <", ">"), ("", "x"),
)  # fmt: skip
"""What stands before and after the repetitions."""


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
