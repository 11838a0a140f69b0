"""What people ask for: values as they type them, common ones more often."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, Final

from benchmarks import vocabulary as words
from benchmarks.data.companies import TECHNOLOGIES
from benchmarks.data.draws import DAY, NOW
from benchmarks.data.titles import real_titles
from benchmarks.workloads import DOMAINS
from letrics.normalize.time import format_time

Body = dict[str, Any]

COUNTRIES: Final = (
    "United States", "Germany", "UK", "France", "India", "Brazil", "Netherlands", "Canada", "Japan", "Poland", "Spain",
    "Australia", "Switzerland", "Italy", "Sweden", "Mexico", "Singapore", "South Korea", "US", "DE", "Austria",
    "Israel", "Ireland", "Denmark",
)  # fmt: skip
CITIES: Final = (
    "NYC", "London, UK", "California, US", "Berlin, Germany", "Paris, France",
    "San Francisco, California, United States", "Bavaria, Germany",
    "Texas, US", "São Paulo", "Tokyo, Japan", "Mumbai, India", "Ontario, Canada", "Milan, Italy",
    "Austin, TX", "Chicago, IL", "Munich, Germany", "Amsterdam", "Madrid, Spain", "Warsaw, Poland", "Zürich",
)  # fmt: skip
GROUPS: Final = ("EU", "Europe", "DACH", "North America", "EMEA", "APAC", "Nordics", "LATAM", "Benelux", "EEA")
TITLES: Final = (
    "manager", "engineer", "head of", "sales", "director", "developer", "ceo", "marketing", "finance manager",
    "founder", "vp ", "software eng", "data", "machine learning", "chief", "product manager", "account exec", "senior",
    "owner",
    "business development", "human resources", "r&d", "c++", ".net", "ux/ui", "node.js", "geschäftsführer", "leiter",
    "recruit", "vp, sales", "営業", "经理", "менеджер", "chef de projet", "gerente", "nurse", "procurement", "hr", "it",
)  # fmt: skip
TLDS: Final = ("com", "de", "co.uk", "uk", "org", "io", "fr", "рф", "net", "nl")


class Values:
    """Draws of them, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.technologies = words.technologies(TECHNOLOGIES)
        self.real_titles = real_titles()

    def some(self, values: Sequence[str], most: int = 3, lean: float = 2.0) -> list[str]:
        """One to `most` of them; the higher `lean`, the more often those in front."""
        return self.exactly(self.rng.randint(1, most), values, lean)

    def exactly(self, count: int, values: Sequence[str], lean: float = 2.0) -> list[str]:
        """`count` distinct ones."""
        found: dict[str, None] = {}
        while len(found) < count:
            found[values[int(self.rng.random() ** lean * len(values))]] = None
        return list(found)

    def titles(self, most: int = 3) -> list[str]:
        """Parts of titles as they are typed; now and then a whole one, as it is picked from somewhere."""
        whole = self.rng.random() < 0.15
        return self.some(self.real_titles, most, 1.0) if whole else self.some(TITLES, most, 1.5)

    def places(self) -> list[str]:
        return self.some(self.rng.choice((COUNTRIES, COUNTRIES, CITIES, GROUPS)), 2, 1.3)

    def since(self, name: str, days: float) -> Body:
        """After some day of the last `days`; every third time also before one."""
        start = NOW - int(self.rng.random() * days) * DAY
        body: Body = {f"{name}_after": format_time(start)[:10]}
        if self.rng.random() < 0.33:
            body[f"{name}_before"] = format_time(start + self.rng.randint(1, 200) * DAY)[:10]
        return body

    def last_run(self, name: str) -> Body:
        """After the moment a nightly program last ran: a night ago, at times a few."""
        ago = self.rng.choice((1, 1, 1, 2, 3, 7)) * DAY + self.rng.randrange(3_600_000)
        return {f"{name}_after": format_time(NOW - ago)}

    def domains(self, most: int) -> Body:
        """What stands for a list of one to `most` domains."""
        return {DOMAINS: [self.rng.randint(1, most), self.rng.randrange(10**6)]}
