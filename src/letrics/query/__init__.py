"""A request, parsed: the Query with its few clause types, the reading of JSON bodies and query strings, and cursors."""

from letrics.query.clauses import AllOf, AnyOf, Between, Clause, Contains, Flag, NoneOf, Order, Query, Term
from letrics.query.request import Request, Warning, parse_request

__all__ = [
    "AllOf", "AnyOf", "Between", "Clause", "Contains", "Flag", "NoneOf", "Order", "Query", "Request", "Term", "Warning",
    "parse_request",
]  # fmt: skip
