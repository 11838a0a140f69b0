"""Companies as lines of an import file: whole ones, and what changes of them from one day to the next."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

import numpy as np

from benchmarks.data.domains import domains
from benchmarks.data.draws import DAY, Draws, Ints, Lists, quoted, times, zipf
from benchmarks.data.places import places
from benchmarks.data.vocabulary import WORDS, technologies

TECHNOLOGIES: Final = 4_000
"""The number of different technologies."""
_CHANGES: Final = (0.45, 0.3, 0.1, 0.05, 0.1)
"""The share of changes in technologies, employees, emails, locations, industries. Several can change at once."""


class Companies:
    """Makes the rows of companies, which are identified by their numbers."""

    def __init__(self) -> None:
        self.industries = Lists(quoted(WORDS["industries"]), zipf(len(WORDS["industries"]), 0.9), (2, 70, 20, 8))
        self.functions = Lists(quoted(WORDS["functions"]), zipf(len(WORDS["functions"]), 0.8), (15, 75, 10))
        self.technologies = Lists(
            quoted(technologies(TECHNOLOGIES)),
            zipf(TECHNOLOGIES, 1.0),
            (20, 8, 8, 8, 8, 8, 7, 6, 5, 4, 4, 3, 3, 3, 3, 2),
        )
        self.cities = Lists(*places(), (0, 60, 20, 10, 6, 4))
        self.employees = zipf(20_000, 1.1)

    def lines(self, numbers: Sequence[int], draws: Draws) -> list[str]:
        """Whole rows."""
        size = len(numbers)
        added = draws.moments(size, 5, 0.5)
        columns = zip(
            numbers,
            domains(np.asarray(numbers, np.int64)),
            self.cities.draw(draws, size),
            self.industries.draw(draws, size),
            self.functions.draw(draws, size),
            self.technologies.draw(draws, size),
            draws.yes(0.6, size).tolist(),
            draws.yes(0.7, size).tolist(),
            draws.pick(self.employees, size).tolist(),
            draws.rng.integers(1900, 2025, size).tolist(),
            times(np.minimum(added, draws.moments(size, 12, 0.0)) // DAY * DAY),
            times(added),
            times(np.maximum(added, draws.moments(size, 1, 0.1))),
            strict=True,
        )
        found = []
        for n, name, cities, industries, functions, techs, mail, linked, staff, founded, seen, add, change in columns:
            email = f'"info@{name}"' if mail else ""
            profile = f'"https://www.linkedin.com/company/company-{n}"' if linked else "null"
            found.append(
                f'{{"domain":"{name}","name":"Company {n}","website":"https://www.{name}/","locations":[{cities}],'
                f'"industries":[{industries}],"functions":[{functions}],"technologies":[{techs}],'
                f'"emails":[{email}],"linkedin_url":{profile},"employees":{staff + 1},"founded_year":{founded},'
                f'"first_seen_at":"{seen}Z","added_at":"{add}Z","updated_at":"{change}Z"}}\n'
            )
        return found

    def changes(self, numbers: Ints, draws: Draws) -> list[str]:
        """Rows with the domain and new values of at least one other field."""
        size = len(numbers)
        which = np.stack([draws.yes(share, size) for share in _CHANGES])
        which[1] |= ~which.any(axis=0)
        columns = zip(
            domains(numbers),
            which.T.tolist(),
            self.technologies.draw(draws, size),
            draws.pick(self.employees, size).tolist(),
            draws.rng.integers(0, 3, size).tolist(),
            self.cities.draw(draws, size),
            self.industries.draw(draws, size),
            strict=True,
        )
        found = []
        for name, changed, techs, staff, mail, cities, industries in columns:
            emails = ("", f'"info@{name}"', f'"info@{name}","sales@{name}"')[mail]
            values = (
                f'"technologies":[{techs}]', f'"employees":{staff + 1}', f'"emails":[{emails}]',
                f'"locations":[{cities}]', f'"industries":[{industries}]',
            )  # fmt: skip
            found.append(",".join([f'{{"domain":"{name}"', *itertools.compress(values, changed)]) + "}\n")
        return found
