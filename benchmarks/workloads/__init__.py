"""Workloads are files of searches, one a line, beside this module: `mix` (what people and programs send) and `hard`.

A line has `name` (the search's shape), `kind` (contacts or companies), `body` (the request body as it is sent) and
`titles` (whether it asks for job titles), and where they matter:

- `walk`: how many pages are fetched one after the other, each with the cursor of the one before;
- `depth`: the page asked for is at this share of all pages, 1 being the last; which page that is, the total tells.

A list of domains is written as how many and a seed: which domains those are depends on how many companies there are.
The files are written by `python -m benchmarks.workloads.draw`; any file of such lines can be asked.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import msgspec

from benchmarks.data.domains import domain
from letrics.records import Kind

Body = dict[str, Any]

DOMAINS: Final = "$domains"
"""The member that stands for a list of domains: its value is how many, and a seed."""
UNKNOWN: Final = 0.1
"""How many of the domains in such lists belong to no company, as a share of the companies."""


@dataclass(frozen=True, slots=True)
class Search:
    """One search of a workload; its body is ready to be sent, but for `depth`."""

    name: str
    kind: Kind
    body: Body
    titles: bool
    walk: int = 1
    depth: float | None = None

    def at(self, total: int) -> Search:
        """The same search for the page that `depth` means, now that its total is known."""
        if self.depth is None:
            return self
        pages = math.ceil(total / int(self.body.get("per_page", 25)))
        return replace(self, body=self.body | {"page": max(1, math.ceil(pages * self.depth))}, depth=None)


class _Line(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A line of a workload file."""

    name: str
    kind: Kind
    body: Body
    titles: bool
    walk: int = 1
    depth: float | None = None


def path_of(name: str) -> Path:
    return Path(__file__).parent / f"{name}.jsonl"


def load(name: str, companies: int) -> list[Search]:
    """The searches of a workload for data of so many companies."""
    lines = msgspec.json.Decoder(_Line).decode_lines(path_of(name).read_bytes())
    return [
        Search(line.name, line.kind, _expanded(line.body, companies), line.titles, line.walk, line.depth)
        for line in lines
    ]


def written(searches: list[Search]) -> bytes:
    """The lines of a workload file; bodies still hold what stands for lists of domains."""
    lines = [_Line(one.name, one.kind, one.body, one.titles, one.walk, one.depth) for one in searches]
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def _expanded(body: Body, companies: int) -> Body:
    return {
        name: _domains(companies, *value[DOMAINS]) if isinstance(value, dict) else value for name, value in body.items()
    }


def _domains(companies: int, count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    numbers = (rng.randrange(max(1, int(companies * (1 + UNKNOWN)))) for _ in range(count))
    return list(dict.fromkeys(domain(number) for number in numbers))
