"""The mix: 500 searches such as people make, the same for the same seed. What it is made of stands in SHAPES."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks import vocabulary as words
from benchmarks.generate import DAY, NOW, domain
from letrics.normalize.time import format_time
from letrics.records import Kind

Body = dict[str, Any]
Search = tuple[str, Kind, Body]
"""Its shape's name, what is searched, and the request body."""

_TECHNOLOGIES = words.technologies(4_000)
_COUNTRIES = (
    "United States",
    "Germany",
    "UK",
    "France",
    "India",
    "Brazil",
    "Japan",
    "Poland",
    "Netherlands",
    "China",
    "Spain",
)
_PLACES = (
    "California, US",
    "Bavaria, Germany",
    "Berlin, Germany",
    "London, UK",
    "Paris, France",
    "NYC",
    "Texas, US",
    "São Paulo",
    "Tokyo, Japan",
    "Mumbai, India",
    "Ontario, Canada",
    "Milan, Italy",
)
_GROUPS = ("EU", "DACH", "Europe", "Nordics", "North America", "APAC", "LATAM", "EMEA")
_NEEDLES = (
    "manager",
    "engineer",
    "head of",
    "finance manager",
    "c++",
    ".net",
    "developer",
    "director",
    "sales",
    "ceo",
    "vp ",
    "software eng",
    "machine learning",
    "r&d",
    "data",
    "a",
    "er",
    "chef",
    "営業",
    "经理",
    "geschäftsführer",
    "senior",
    "business development",
    "human resources",
    "ux/ui",
    "account exec",
    "chief",
    "founder",
    "node.js",
    "менеджер",
)
_TLDS = ("com", "de", "co.uk", "uk", "org", "io", "fr", "рф")


class _Draw:
    """Values as people ask for them: common ones more often."""

    def __init__(self, rng: random.Random, companies: int) -> None:
        self.rng = rng
        self.companies = companies

    def some(self, values: Sequence[str], most: int = 3, lean: float = 2.0) -> list[str]:
        count = self.rng.randint(1, most)
        return list(dict.fromkeys(values[int(self.rng.random() ** lean * len(values))] for _ in range(count)))

    def place(self) -> list[str]:
        return self.some(self.rng.choice((_COUNTRIES, _PLACES, _GROUPS)), 2, 1.2)

    def since(self, name: str, years: float) -> Body:
        start = NOW - int(self.rng.random() * years * 365) * DAY
        body: Body = {f"{name}_after": format_time(start)[:10]}
        if self.rng.random() < 0.5:
            body[f"{name}_before"] = format_time(start + self.rng.randint(1, 200) * DAY)[:10]
        return body

    def domains(self, most: int) -> list[str]:
        return [domain(self.rng.randrange(int(self.companies * 1.1))) for _ in range(self.rng.randint(1, most))]


SHAPES: tuple[tuple[int, str, Kind, Callable[[_Draw], Body]], ...] = (
    (14, "title", "contacts", lambda d: {"job_titles": d.some(_NEEDLES, 3, 1.0)}),
    (14, "title and place", "contacts", lambda d: {"job_titles": d.some(_NEEDLES, 3, 1.0), "locations": d.place()}),
    (
        10,
        "title, seniority, industry",
        "contacts",
        lambda d: {
            "job_titles": d.some(_NEEDLES, 2, 1.0),
            "seniorities": d.some(words.SENIORITIES, 3),
            "industries": d.some(words.INDUSTRIES, 4),
        },
    ),
    (
        8,
        "five broad filters",
        "contacts",
        lambda d: {
            "has_personal_email": True,
            "locations": d.some(_GROUPS, 2),
            "industries": d.some(words.INDUSTRIES, 20),
            "seniorities": d.some(words.SENIORITIES, 5),
            **d.since("added", 4),
        },
    ),
    (
        8,
        "technologies",
        "contacts",
        lambda d: {
            "technologies": d.some(_TECHNOLOGIES, 4, 3.0),
            "departments": d.some(words.DEPARTMENTS, 3),
            "has_linkedin_profile": True,
        },
    ),
    (
        6,
        "many exclusions",
        "contacts",
        lambda d: {
            "exclude_technologies": d.some(_TECHNOLOGIES, 50, 2.0),
            "exclude_job_titles": d.some(_NEEDLES, 4, 1.0),
            "locations": d.some(_COUNTRIES, 3),
        },
    ),
    (6, "recently changed", "contacts", lambda d: {**d.since("updated", 1), "is_decision_maker": True}),
    (
        5,
        "recently added",
        "contacts",
        lambda d: {**d.since("contact_added", 3), "departments": d.some(words.DEPARTMENTS, 2)},
    ),
    (
        4,
        "a list of accounts",
        "contacts",
        lambda d: {"domains": d.domains(1_000), "job_titles": d.some(_NEEDLES, 2, 1.0)},
    ),
    (
        2,
        "not our customers",
        "contacts",
        lambda d: {
            "exclude_domains": d.domains(2_000),
            "company_has_generic_email": True,
            "tlds": d.some(_TLDS, 2),
        },
    ),
    (2, "everybody", "contacts", lambda _: {}),
    (
        6,
        "companies by place and industry",
        "companies",
        lambda d: {"locations": d.place(), "industries": d.some(words.INDUSTRIES, 3)},
    ),
    (
        5,
        "companies by technology",
        "companies",
        lambda d: {
            "technologies": d.some(_TECHNOLOGIES, 3, 3.0),
            "exclude_technologies": d.some(_TECHNOLOGIES, 3, 3.0),
        },
    ),
    (
        4,
        "new companies",
        "companies",
        lambda d: {**d.since("added", 2), **d.since("first_seen", 8), "tlds": d.some(_TLDS, 3)},
    ),
    (
        3,
        "companies to write to",
        "companies",
        lambda d: {
            "has_generic_email": True,
            "has_linkedin_profile": True,
            "functions": d.some(words.FUNCTIONS, 3),
            "exclude_locations": d.some(_GROUPS, 1),
        },
    ),
    (3, "one company", "companies", lambda d: {"domains": d.domains(1)}),
)
"""Share in percent, name, kind, and how one is drawn. Besides: one in five asks for a page up to the 10,000th, one in
four for the newest first, and one in ten for 100 records a page."""


def mix(count: int = 500, companies: int = 100_000, seed: int = 1) -> list[Search]:
    """`count` searches; `companies` is how many the data has, so that lists of domains mostly hit."""
    assert sum(share for share, *_ in SHAPES) == 100
    rng = random.Random(seed)
    draw = _Draw(rng, companies)
    found: list[Search] = []
    for _, name, kind, make in rng.choices(SHAPES, [share for share, *_ in SHAPES], k=count):
        body = make(draw)
        if rng.random() < 0.2:
            body["page"] = int(10_000 ** rng.random())
        if rng.random() < 0.25:
            body["order"] = "newest"
        if rng.random() < 0.1:
            body["per_page"] = 100
        found.append((name, kind, body))
    return found
