"""Writes the files of searches: `python -m benchmarks.workloads.draw`. They are committed; the same each time.

The mix is what two kinds of callers send. An explorer, seven in ten searches, is a person who adds one filter after the
other, takes some away, and turns pages. A nightly sync, three in ten, asks what has changed since it last ran within
the part it cares for, looks up lists of accounts, and walks by cursor. Of all, one in five asks for a page up to the
10,000th, one in four for the newest first, one in ten for 100 records a page.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

from benchmarks import vocabulary as words
from benchmarks.workloads import Search, path_of, written
from benchmarks.workloads.hard import hard
from benchmarks.workloads.values import TLDS, Values
from letrics.records import Kind

Body = dict[str, Any]
Filter = tuple[float, str, Callable[[Values], Body]]
"""How often it is added, its name, and what it adds."""

SIZE: Final = 1_000

PEOPLE: Final[tuple[Filter, ...]] = (
    (26, "title", lambda v: {"job_titles": v.titles()}),
    (20, "place", lambda v: {"locations": v.places()}),
    (12, "industry", lambda v: {"industries": v.some(words.INDUSTRIES, 4)}),
    (11, "seniority", lambda v: {"seniorities": v.some(words.SENIORITIES, 3)}),
    (8, "department", lambda v: {"departments": v.some(words.DEPARTMENTS, 3)}),
    (7, "technology", lambda v: {"technologies": v.some(v.technologies, 4, 3.0)}),
    (5, "email", lambda _: {"has_personal_email": True}),
    (3, "profile", lambda _: {"has_linkedin_profile": True}),
    (3, "decides", lambda _: {"is_decision_maker": True}),
    (2, "function", lambda v: {"functions": v.some(words.FUNCTIONS, 3)}),
    (2, "ending", lambda v: {"tlds": v.some(TLDS, 2)}),
    (2, "not title", lambda v: {"exclude_job_titles": v.titles()}),
    (1, "not place", lambda v: {"exclude_locations": v.places()}),
    (1, "not technology", lambda v: {"exclude_technologies": v.some(v.technologies, 20, 2.0)}),
    (1, "not industry", lambda v: {"exclude_industries": v.some(words.INDUSTRIES, 5)}),
    (2, "company added", lambda v: v.since("added", 700)),
    (2, "contact added", lambda v: v.since("contact_added", 700)),
    (1, "company's email", lambda _: {"company_has_generic_email": True}),
)
FIRMS: Final[tuple[Filter, ...]] = (
    (24, "place", lambda v: {"locations": v.places()}),
    (22, "industry", lambda v: {"industries": v.some(words.INDUSTRIES, 4)}),
    (20, "technology", lambda v: {"technologies": v.some(v.technologies, 4, 3.0)}),
    (7, "function", lambda v: {"functions": v.some(words.FUNCTIONS, 3)}),
    (6, "email", lambda _: {"has_generic_email": True}),
    (5, "profile", lambda _: {"has_linkedin_profile": True}),
    (4, "ending", lambda v: {"tlds": v.some(TLDS, 3)}),
    (4, "added", lambda v: v.since("added", 700)),
    (3, "first seen", lambda v: v.since("first_seen", 2_000)),
    (3, "not technology", lambda v: {"exclude_technologies": v.some(v.technologies, 10, 2.0)}),
    (2, "not place", lambda v: {"exclude_locations": v.places()}),
)
SYNCS: Final[tuple[tuple[float, str, Kind, int, Callable[[Values], Body]], ...]] = (
    (24, "sync: changed contacts of a part", "contacts", 10, lambda v: v.last_run("updated") | _part(v, PEOPLE)),
    (16, "sync: changed companies of a part", "companies", 10, lambda v: v.last_run("updated") | _part(v, FIRMS)),
    (10, "sync: all that changed", "contacts", 20, lambda v: v.last_run("updated")),
    (14, "sync: new contacts of a part", "contacts", 5, lambda v: v.last_run("contact_added") | _part(v, PEOPLE)),
    (8, "sync: new companies", "companies", 5, lambda v: v.last_run("added") | _part(v, FIRMS)),
    (10, "sync: people at accounts", "contacts", 1, lambda v: {"domains": v.domains(1_000)} | _part(v, PEOPLE)),
    (6, "sync: a list of companies", "companies", 1, lambda v: {"domains": v.domains(500)}),
    (6, "sync: one company", "contacts", 1, lambda v: {"domains": v.domains(1)}),
    (6, "sync: people elsewhere", "contacts", 1, lambda v: {"exclude_domains": v.domains(2_000)} | _part(v, PEOPLE)),
)
"""How often, name, kind, pages walked by cursor, and what is asked."""


def _one(values: Values, filters: tuple[Filter, ...], body: Body) -> Body:
    """A filter that is not asked yet."""
    while True:
        _, _, make = values.rng.choices(filters, [share for share, *_ in filters])[0]
        more = make(values)
        if not more.keys() & body.keys():
            return more


def _part(values: Values, filters: tuple[Filter, ...]) -> Body:
    """One to three filters, as a caller that wants a part of all has."""
    body: Body = {}
    for _ in range(values.rng.randint(1, 3)):
        body |= _one(values, filters, body)
    return body


_COUNTS: Final = ("everything", "one filter", "two filters", "three filters", "four filters", "five or more filters")


def _named(kind: Kind, body: Body) -> str:
    """By how many filters are asked; both ends of a range are one."""
    filters = {name.removesuffix("_after").removesuffix("_before") for name in body} - {"page"}
    return f"explore {kind}: {_COUNTS[min(len(filters), 5)]}"


def _exploration(values: Values) -> Iterator[Search]:
    """What one person sends, one search after the other."""
    rng = values.rng
    kind: Kind = "contacts" if rng.random() < 0.75 else "companies"
    filters = PEOPLE if kind == "contacts" else FIRMS
    body: Body = {}
    if rng.random() < 0.1:
        yield _search(_named(kind, body), kind, body)
    for _ in range(rng.randint(2, 7)):
        if len(body) > 2 and rng.random() < 0.2:
            body = {name: body[name] for name in list(body)[:-2]}
        body = body | _one(values, filters, body)
        yield _search(_named(kind, body), kind, body)
        if rng.random() < 0.15:
            yield _search(_named(kind, body), kind, body | {"page": 2})


def _search(name: str, kind: Kind, body: Body, walk: int = 1) -> Search:
    return Search(name, kind, body, any("job_titles" in field for field in body), walk)


def _sync(values: Values) -> Search:
    _, name, kind, walk, make = values.rng.choices(SYNCS, [share for share, *_ in SYNCS])[0]
    return _search(name, kind, make(values), walk)


def _turned(values: Values, search: Search) -> Search:
    """The same with a page, an order, a size of pages, as often as these are asked for. Who walks starts in front."""
    more: Body = {}
    walks = search.walk > 1
    if values.rng.random() < 0.25 and not walks:
        more["page"] = int(10_000 ** values.rng.random())
    if values.rng.random() < 0.25:
        more["order"] = "newest"
    if values.rng.random() < (0.33 if walks else 0.04):
        more["per_page"] = 100
    return _search(search.name, search.kind, search.body | more, search.walk)


def mix(count: int = SIZE, seed: int = 1) -> list[Search]:
    """The mix, in the order in which both kinds of callers happen to send it."""
    values = Values(seed)
    found: list[Search] = []
    exploring: Iterator[Search] = iter(())
    while len(found) < count:
        search = _sync(values) if values.rng.random() < 0.3 else next(exploring, None)
        if search is None:
            exploring = _exploration(values)
        else:
            found.append(_turned(values, search))
    return found


def main() -> None:
    for name, searches in (("mix", mix()), ("hard", hard())):
        path_of(name).write_bytes(written(searches))
        print(path_of(name), len(searches), file=sys.stderr)


if __name__ == "__main__":
    main()
