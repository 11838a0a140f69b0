"""What is asked: the workloads' searches, parsed for the engine or encoded for HTTP.

Of searches that fetch several pages one after the other the first alone is asked, but where pages are what is measured:
those that follow cost less.
"""

from __future__ import annotations

from typing import Final

import msgspec

from benchmarks.stages.bench import Bench
from benchmarks.workloads import Search, load
from letrics.engines.base import Window
from letrics.query import Request, parse_request

TITLES: Final = {
    "word": ("broad title word", 2.0),
    "phrase": ("title phrase", 5.0),
    "one or two letters": ("single letter", 2.0),
    "two letters": ("two letters", 2.0),
    "punctuation": ("punctuation", 5.0),
    "CJK": ("CJK", 5.0),
}
"""Kinds of titles, how the names of their hard searches begin, and the milliseconds they may take in the median."""


def mix(bench: Bench) -> list[Search]:
    """What people and programs send."""
    return load("mix", bench.companies)


def hard(bench: Bench) -> list[Search]:
    """The hard searches, one of each kind."""
    return load("hard", bench.companies)


def request_of(search: Search) -> Request:
    return parse_request(search.kind, search.body)


def encoded(search: Search) -> bytes:
    """The body as it is sent."""
    return msgspec.json.encode(search.body)


def window_of(request: Request) -> Window:
    """The part of the hits a request asks for."""
    return Window(request.order, ((request.page or 1) - 1) * request.per_page, request.after, request.per_page)
