"""Draws the mix by the rules of mix.toml and writes mix.jsonl: `python -m benchmarks.workloads.draw`.

The mix is what two kinds of callers send. An explorer, 70 % of the searches, is a person who adds one filter after the
other, removes some, and turns pages. A nightly sync, 30 %, asks what has changed since its last run in the part that it
follows, looks up lists of accounts, and walks by cursor. 20 % of all searches ask for a page up to the 10,000th, 25 %
for the newest first, 10 % for 100 records a page.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any, Final

from benchmarks.data.companies import TECHNOLOGIES
from benchmarks.data.draws import DAY, NOW
from benchmarks.data.titles import real_titles
from benchmarks.data.vocabulary import WORDS, technologies
from benchmarks.workloads import DOMAINS, Body, Search, encode, path_of
from letrics.normalize.time import format_time
from letrics.records import Kind

SIZE: Final = 1_000
"""The number of searches."""
_COUNTS: Final = ("everything", "one filter", "two filters", "three filters", "four filters", "five or more filters")

Rule = dict[str, Any]


class Drawing:
    """One series of draws, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._rules: dict[str, list[Rule]] = tomllib.loads(path_of("mix").with_suffix(".toml").read_text())
        own: Any = self._rules["lists"]
        self._lists: dict[str, list[str]] = {**WORDS, **own, "all_technologies": technologies(TECHNOLOGIES)}
        self._real_titles = real_titles()

    def searches(self, count: int) -> list[Search]:
        """The mix, in the order in which both kinds of callers send it."""
        found: list[Search] = []
        exploration: Iterator[Search] = iter(())
        while len(found) < count:
            search = self._sync() if self._rng.random() < 0.3 else next(exploration, None)
            if search is None:
                exploration = self._explore()
            else:
                found.append(self._with_page(search))
        return found

    def _explore(self) -> Iterator[Search]:
        """The searches of one person, one after the other."""
        rng = self._rng
        kind: Kind = "contacts" if rng.random() < 0.75 else "companies"
        body: Body = {}
        if rng.random() < 0.1:
            yield _search(_explore_name(kind, body), kind, body)
        for _ in range(rng.randint(2, 7)):
            if len(body) > 2 and rng.random() < 0.2:
                body = {name: body[name] for name in list(body)[:-2]}
            body = body | self._new_filter(kind, body)
            yield _search(_explore_name(kind, body), kind, body)
            if rng.random() < 0.15:
                yield _search(_explore_name(kind, body), kind, body | {"page": 2})

    def _sync(self) -> Search:
        rule = self._pick("syncs")
        body: Body = {}
        if "last_run" in rule:  # a night ago, sometimes more
            ago = self._rng.choice((1, 1, 1, 2, 3, 7)) * DAY + self._rng.randrange(3_600_000)
            body[f"{rule['last_run']}_after"] = format_time(NOW - ago)
        else:
            body[rule["domains"]] = {DOMAINS: [self._rng.randint(1, rule["most"]), self._rng.randrange(10**6)]}
        if rule.get("part"):
            part: Body = {}
            for _ in range(self._rng.randint(1, 3)):
                part |= self._new_filter(rule["kind"], part)
            body |= part
        return _search(f"sync: {rule['name']}", rule["kind"], body, rule["walk"])

    def _with_page(self, search: Search) -> Search:
        """The search with a page, an order or a page size. Searches that walk start at the first page."""
        more: Body = {}
        walks = search.walk > 1
        if self._rng.random() < 0.25 and not walks:
            more["page"] = int(10_000 ** self._rng.random())
        if self._rng.random() < 0.25:
            more["order"] = "newest"
        if self._rng.random() < (0.33 if walks else 0.04):
            more["per_page"] = 100
        return _search(search.name, search.kind, search.body | more, search.walk)

    def _pick(self, name: str) -> Rule:
        return self._rng.choices(self._rules[name], [rule["weight"] for rule in self._rules[name]])[0]

    def _new_filter(self, kind: Kind, body: Body) -> Body:
        """A filter on fields that the body does not have yet."""
        while True:
            more = self._filter(self._pick(kind))
            if not more.keys() & body.keys():
                return more

    def _filter(self, rule: Rule) -> Body:
        rng = self._rng
        match rule:
            case {"field": field, "of": of, "most": most}:
                return {field: self._values(self._lists[of], most, rule.get("lean", 2.0))}
            case {"titles": field} if rng.random() < 0.15:  # a whole title, copied from somewhere
                return {field: self._values(self._real_titles, 3, 1.0)}
            case {"titles": field}:
                return {field: self._values(self._lists["titles"], 3, 1.5)}
            case {"places": field}:
                kind = rng.choice(("countries", "countries", "cities", "groups"))
                return {field: self._values(self._lists[kind], 2, 1.3)}
            case {"since": name, "days": days}:
                start = NOW - int(rng.random() * days) * DAY
                body = {f"{name}_after": format_time(start)[:10]}
                if rng.random() < 0.33:
                    body[f"{name}_before"] = format_time(start + rng.randint(1, 200) * DAY)[:10]
                return body
            case _:
                return dict(rule["body"])

    def _values(self, values: Sequence[str], most: int, lean: float) -> list[str]:
        """One to `most` distinct values; the higher `lean`, the more often the first ones."""
        count = self._rng.randint(1, most)
        found: dict[str, None] = {}
        while len(found) < count:
            found[values[int(self._rng.random() ** lean * len(values))]] = None
        return list(found)


def _explore_name(kind: Kind, body: Body) -> str:
    """The kind and the number of filters; both ends of a range are one filter."""
    filters = {name.removesuffix("_after").removesuffix("_before") for name in body}
    return f"explore {kind}: {_COUNTS[min(len(filters), 5)]}"


def _search(name: str, kind: Kind, body: Body, walk: int = 1) -> Search:
    return Search(name, kind, body, any("job_titles" in field for field in body), walk)


def mix(count: int = SIZE, seed: int = 1) -> list[Search]:
    """The searches of mix.jsonl."""
    return Drawing(seed).searches(count)


if __name__ == "__main__":
    path_of("mix").write_bytes(encode(mix()))
