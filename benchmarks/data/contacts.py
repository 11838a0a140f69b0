"""Contacts as lines of an import file, and who works where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from benchmarks.data.domains import domains
from benchmarks.data.draws import EMPLOYERS, Draws, Ints, quoted, times, zipf
from benchmarks.data.names import Names
from benchmarks.data.titles import titles
from benchmarks.data.vocabulary import WORDS

_PART: Final = 1_000_000


def employers(contacts: int, companies: int, seed: int) -> Ints:
    """The company's number of each contact: a few companies have very many, at random positions."""
    draws = Draws(seed, EMPLOYERS)
    shares = zipf(companies, 0.86)
    place = draws.rng.permutation(companies)
    parts = [place[draws.pick(shares, min(_PART, contacts - start))] for start in range(0, contacts, _PART)]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _with_unknown(values: list[str]) -> list[str]:
    return [*values[:3], "null", *values[3:]]


class Contacts:
    """Makes the rows of contacts, identified by their numbers; the number of titles grows with `count`, that of all."""

    def __init__(self, count: int, seed: int) -> None:
        self.titles = quoted(titles(max(2_000, min(560_000, count // 4)), seed))
        self.title_shares = zipf(len(self.titles), 0.85)
        self.departments = _with_unknown(quoted(WORDS["departments"]))
        self.department_shares = zipf(len(self.departments), 0.7)
        self.seniorities = _with_unknown(quoted(WORDS["seniorities"]))
        self.seniority_shares = zipf(len(self.seniorities), 1.0)
        self.names = Names()

    def title(self, draws: Draws, count: int) -> list[str]:
        """JSON strings."""
        return [self.titles[k] for k in draws.pick(self.title_shares, count).tolist()]

    def lines(self, numbers: Sequence[int], companies: Ints, draws: Draws) -> list[str]:
        """Whole rows; `companies` has the number of each contact's company."""
        size = len(numbers)
        added = draws.moments(size, 3, 0.2)
        first, last = self.names.draw(draws, size)
        columns = zip(
            numbers,
            domains(companies),
            draws.pick(self.title_shares, size).tolist(),
            draws.pick(self.department_shares, size).tolist(),
            draws.pick(self.seniority_shares, size).tolist(),
            first.tolist(),
            last.tolist(),
            draws.rng.random(size).tolist(),
            draws.yes(0.6, size).tolist(),
            draws.yes(0.15, size).tolist(),
            times(added),
            times(np.maximum(added, draws.moments(size, 1, 0.1))),
            strict=True,
        )
        titles, departments, seniorities = self.titles, self.departments, self.seniorities
        firsts, lasts = self.names.firsts, self.names.lasts
        found = []
        for n, name, title, department, seniority, given, family, mail, linked, decides, add, change in columns:
            email = f'"p{n}@{name}"' if mail < 0.7 else f'"office@{name}"' if mail < 0.75 else ""
            profile = f'"https://www.linkedin.com/in/p-{n}"' if linked else "null"
            found.append(
                f'{{"id":"c{n}","first_name":{firsts[given]},"last_name":{lasts[family]},'
                f'"job_title":{titles[title] if mail > 0.03 else "null"},"department":{departments[department]},'
                f'"seniority":{seniorities[seniority]},"is_decision_maker":{"true" if decides else "false"},'
                f'"emails":[{email}],"linkedin_url":{profile},"company_domain":"{name}",'
                f'"added_at":"{add}Z","updated_at":"{change}Z"}}\n'
            )
        return found
