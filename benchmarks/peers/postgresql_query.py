"""A query as one SQL condition for PostgreSQL."""

from __future__ import annotations

from benchmarks.peers.extract import column
from benchmarks.peers.vocabulary import Vocabulary
from letrics.fields import Fact
from letrics.query import AllOf, AnyOf, Between, Contains, Flag, NoneOf, Query


class Condition:
    """A query as one SQL condition on company or contact, and its parameters."""

    def __init__(self, query: Query, vocabulary: Vocabulary) -> None:
        self._companies = query.kind == "companies"
        self._query = query
        self._vocabulary = vocabulary
        self._terms: list[str] = ["true"]
        self._values: list[object] = []
        self._inside: list[str] = []  # conditions on the company's values
        self._scalars: list[tuple[Fact, str]] = []
        self._domains: list[tuple[str, list[str]]] = []

    def sql(self) -> tuple[str, list[object]]:
        for clause in self._query.clauses:
            match clause:
                case AnyOf(_, fact, terms) | NoneOf(_, fact, terms) if fact.kind == "keys":
                    sign = "NOT IN" if isinstance(clause, NoneOf) else "IN"
                    self._domains.append((sign, [key for term in terms for key in term.keys]))
                case AnyOf(_, fact, terms) | NoneOf(_, fact, terms):
                    self._filter(fact, self._vocabulary.ids(fact, terms), isinstance(clause, NoneOf))
                case AllOf(_, fact, terms, exclude):
                    each = [_having(self._vocabulary.ids(fact, [term])) for term in terms]
                    self._inside += [f"NOT ({' AND '.join(each)})"] if exclude else each
                case Contains(_, _, terms, exclude):
                    needles = [f"%{_escaped(key)}%" for term in terms for key in term.keys]
                    inside = " OR ".join(["folded LIKE %s"] * len(needles))
                    self._terms.append(f"title {'NOT IN' if exclude else 'IN'} (SELECT id FROM title WHERE {inside})")
                    self._values += needles
                case Flag(_, fact, exclude):
                    self._scalars.append((fact, " IS FALSE" if exclude else ""))
                case Between(_, fact, low, high):
                    ends = ((">=", low), ("<=", high))
                    self._scalars += [(fact, f" {sign} {end}") for sign, end in ends if end is not None]
        for fact, test in self._scalars:
            if self._companies or fact.owner == "contact":
                self._terms.append(column(fact) + test)
            elif self._inside:
                self._inside.append(column(fact) + test)
            else:
                self._terms.append(f"company_{column(fact)}{test}")
        if self._inside:
            inside = " AND ".join(self._inside)
            whole = inside if self._companies else f"company IN (SELECT num FROM company WHERE {inside})"
            self._terms.append(whole)
        for sign, domains in self._domains:
            own = "num" if self._companies else "company"
            self._terms.append(f"{own} {sign} (SELECT num FROM company WHERE domain = ANY(%s))")
            self._values.append(domains)
        return " AND ".join(self._terms), self._values

    def _filter(self, fact: Fact, ids: list[int], exclude: bool) -> None:
        if fact.owner == "company":
            self._inside.append(f"NOT {_having(ids)}" if exclude else _having(ids))
        elif exclude:
            self._terms.append(f"({column(fact)} IS NULL OR {column(fact)} <> ALL ({_array(ids)}))")
        else:
            self._terms.append(f"{column(fact)} = ANY ({_array(ids)})")


def _array(ids: list[int]) -> str:
    return f"'{{{','.join(map(str, ids))}}}'::integer[]"


def _having(ids: list[int]) -> str:
    return f"(keys && {_array(ids)})"


def _escaped(needle: str) -> str:
    return needle.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
