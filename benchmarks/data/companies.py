"""Companies as lines of an import file: whole ones, and what changes of them from one day to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from benchmarks import vocabulary as words
from benchmarks.data.domains import domains
from benchmarks.data.draws import DAY, Draws, Ints, times, zipf
from benchmarks.data.lists import Lists, quoted
from benchmarks.data.places import places

TECHNOLOGIES: Final = 4_000
_CHANGES: Final = (0.45, 0.3, 0.1, 0.05, 0.1)
"""How often a change is of technologies, employees, emails, locations, industries. Several can change at once."""


class Companies:
    """Rows of companies, told by their numbers."""

    def __init__(self) -> None:
        self.industries = Lists(quoted(words.INDUSTRIES), zipf(len(words.INDUSTRIES), 0.9), (2, 70, 20, 8))
        self.functions = Lists(quoted(words.FUNCTIONS), zipf(len(words.FUNCTIONS), 0.8), (15, 75, 10))
        self.technologies = Lists(
            quoted(words.technologies(TECHNOLOGIES)),
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
        for (
            n,
            name,
            cities,
            industries,
            functions,
            technologies,
            mail,
            linked,
            employees,
            founded,
            seen,
            add,
            change,
        ) in columns:
            email = f'"info@{name}"' if mail else ""
            profile = f'"https://www.linkedin.com/company/company-{n}"' if linked else "null"
            found.append(
                f'{{"domain":"{name}","name":"Company {n}","website":"https://www.{name}/","locations":[{cities}],'
                f'"industries":[{industries}],"functions":[{functions}],"technologies":[{technologies}],'
                f'"emails":[{email}],"linkedin_url":{profile},"employees":{employees + 1},"founded_year":{founded},'
                f'"first_seen_at":"{seen}Z","added_at":"{add}Z","updated_at":"{change}Z"}}\n'
            )
        return found

    def changes(self, numbers: Ints, draws: Draws) -> list[str]:
        """Rows of the domain and some members with new values, at least one each."""
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
        for name, changed, technologies, employees, mail, cities, industries in columns:
            of_technologies, of_employees, of_mail, of_place, of_industry = changed
            line = f'{{"domain":"{name}"'
            if of_technologies:
                line += f',"technologies":[{technologies}]'
            if of_employees:
                line += f',"employees":{employees + 1}'
            if of_mail:
                line += ',"emails":[' + ("", f'"info@{name}"', f'"info@{name}","sales@{name}"')[mail] + "]"
            if of_place:
                line += f',"locations":[{cities}]'
            if of_industry:
                line += f',"industries":[{industries}]'
            found.append(line + "}\n")
        return found
