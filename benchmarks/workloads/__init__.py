"""Workloads are files with one search a line: `mix` (what people and programs send) and `hard`.

A line has `name` (the kind of search), `kind` (contacts or companies), `body` (the request body), `titles` (whether it
filters by job titles), and optionally:

- `walk`: the number of pages that are fetched, each with the cursor of the one before;
- `depth`: the page is at this share of all pages, 1 being the last; the total of the search determines its number.

A list of domains is written as its length and a seed: the domains depend on the number of companies. mix.jsonl is drawn
by `python -m benchmarks.workloads.draw`; hard.jsonl is edited by hand. Any file of such lines can be used.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from benchmarks.data.domains import domain
from letrics.records import Kind

Body = dict[str, Any]

DOMAINS: Final = "$domains"
"""The key of an object that stands for a list of domains; its value is the length and a seed."""
UNKNOWN: Final = 0.1
"""The number of domains in such lists that belong to no company, as a share of the companies."""


class Search(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One search of a workload."""

    name: str
    kind: Kind
    body: Body
    titles: bool
    walk: int = 1
    depth: float | None = None

    def at(self, total: int) -> Search:
        """The same search for the page at `depth`, given its total."""
        if self.depth is None:
            return self
        pages = math.ceil(total / int(self.body.get("per_page", 25)))
        return replace(self, body=self.body | {"page": max(1, math.ceil(pages * self.depth))}, depth=None)

    def line(self) -> bytes:
        """The path and the JSON body, as a line of a file for wrk."""
        return b"/v1/%s %s\n" % (self.kind.encode(), msgspec.json.encode(self.body))


def path_of(name: str) -> Path:
    return Path(__file__).parent / f"{name}.jsonl"


def load(name: str, companies: int) -> list[Search]:
    """The searches of a workload for data with this number of companies."""
    searches = msgspec.json.Decoder(Search).decode_lines(path_of(name).read_bytes())
    return [replace(search, body=_with_domains(search.body, companies)) for search in searches]


def encode(searches: Iterable[Search]) -> bytes:
    """The lines of a workload file; lists of domains are not expanded."""
    return b"".join(msgspec.json.encode(search) + b"\n" for search in searches)


def _with_domains(body: Body, companies: int) -> Body:
    return {
        name: _domains(companies, *value[DOMAINS]) if isinstance(value, dict) else value for name, value in body.items()
    }


def _domains(companies: int, count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    numbers = (rng.randrange(max(1, int(companies * (1 + UNKNOWN)))) for _ in range(count))
    return list(dict.fromkeys(domain(number) for number in numbers))
