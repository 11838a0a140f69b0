"""Parsing of requests: the Query and its clause types, the parser of request fields, and cursors."""

from letrics.query.clauses import AllOf, AnyOf, Between, Clause, Contains, Flag, NoneOf, Order, Query, Term
from letrics.query.request import Request, Warning, parse_request

__all__ = [
    "AllOf", "AnyOf", "Between", "Clause", "Contains", "Flag", "NoneOf", "Order", "Query", "Request", "Term", "Warning",
    "parse_request",
]  # fmt: skip
