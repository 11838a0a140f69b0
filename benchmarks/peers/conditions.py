"""A query as one SQL condition, for peers that store values of companies in a table `company_value (key, company)`.

All wanted values become one semi-join with companies, from which excluded values are removed; without wanted values,
excluded ones are one anti-join. Contacts have the single-valued facts of their company as `company_…`, and the title -1
if they have none.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.peers.extract import column
from benchmarks.peers.vocabulary import Vocabulary
from letrics.fields import Fact
from letrics.query import AllOf, AnyOf, Between, Contains, Flag, NoneOf, Query
from letrics.query.clauses import Clause

Select = Callable[[list[str]], tuple[str, list[object]]]
"""From texts to the SQL that selects their ids, and its parameters."""


def _same(select: str) -> str:
    return select


class Condition:
    """`titles` selects the ids of titles that contain one of the needles, `domains` the nums of companies. `selected`
    may replace the SELECT of companies that have certain values."""

    def __init__(
        self,
        query: Query,
        vocabulary: Vocabulary,
        titles: Select,
        domains: Select,
        selected: Callable[[str], str] = _same,
    ) -> None:
        self._companies = query.kind == "companies"
        self._company = "num" if self._companies else "company"
        self._vocabulary = vocabulary
        self._titles = titles
        self._domains = domains
        self._selected = selected
        self._terms: list[str] = ["true"]
        self._wanted: list[str] = []  # conditions on key, all of which a company must meet
        self._unwanted: list[int] = []
        self.values: list[object] = []
        """The parameters of the condition."""
        for clause in query.clauses:
            self._add(clause)
        unwanted = f"SELECT company FROM company_value WHERE key IN {_listed(self._unwanted)}"
        if self._wanted:
            removed = f" AND company NOT IN ({unwanted})" if self._unwanted else ""
            self._terms.append(f"{self._company} IN ({selected(_having(self._wanted) + removed)})")
        elif self._unwanted:
            self._terms.append(f"{self._company} NOT IN ({selected(unwanted)})")
        self.sql = " AND ".join(self._terms)
        """The condition, on the table company or contact."""

    def _add(self, clause: Clause) -> None:
        match clause:
            case AnyOf(_, fact, terms) | NoneOf(_, fact, terms) if fact.kind == "keys":
                keys = [key for term in terms for key in term.keys]
                self._select(self._company, isinstance(clause, NoneOf), self._domains(keys))
            case AnyOf(_, fact, terms):
                ids = self._vocabulary.ids(fact, terms)
                if fact.owner == "company":
                    self._wanted.append(f"key IN {_listed(ids)}")
                else:
                    self._terms.append(f"{column(fact)} IN {_listed(ids)}")
            case NoneOf(_, fact, terms):
                ids = self._vocabulary.ids(fact, terms)
                if fact.owner == "company":
                    self._unwanted += ids
                else:
                    self._terms.append(f"ifnull({column(fact)} NOT IN {_listed(ids)}, true)")
            case AllOf(_, fact, terms, exclude):
                each = [f"key IN {_listed(self._vocabulary.ids(fact, [term]))}" for term in terms]
                if exclude:
                    self._terms.append(f"{self._company} NOT IN ({self._selected(_having(each))})")
                else:
                    self._wanted += each
            case Contains(_, _, terms, exclude):
                self._select("title", exclude, self._titles([key for term in terms for key in term.keys]))
            case Flag(_, fact, exclude):
                self._terms.append(f"NOT {self._own(fact)}" if exclude else self._own(fact))
            case Between(_, fact, low, high):
                ends = ((">=", low), ("<=", high))
                self._terms += [f"{self._own(fact)} {sign} {end}" for sign, end in ends if end is not None]

    def _select(self, name: str, exclude: bool, select: tuple[str, list[object]]) -> None:
        self._terms.append(f"{name} {'NOT IN' if exclude else 'IN'} ({select[0]})")
        self.values += select[1]

    def _own(self, fact: Fact) -> str:
        return column(fact) if self._companies or fact.owner == "contact" else f"company_{column(fact)}"


def _having(conditions: list[str]) -> str:
    """Companies that meet every condition on a key."""
    first, *others = conditions
    inside = "".join(f" AND company IN (SELECT company FROM company_value WHERE {other})" for other in others)
    return f"SELECT company FROM company_value WHERE {first}{inside}"


def _listed(ids: list[int]) -> str:
    return f"({', '.join(map(str, ids or [-1]))})"
