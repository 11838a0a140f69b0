"""Clauses: values that compare and hash by content, and a closed set of types."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import get_args

import pytest

from letrics.fields import CATALOGUE, DECISION_MAKER, EMPLOYEES, INDUSTRIES, JOB_TITLE, LOCATIONS, TECHNOLOGIES
from letrics.query import clauses, parse_request
from letrics.query.clauses import AllOf, AnyOf, Between, Clause, Contains, Flag, NoneOf, Query, Term

_TERMS = (Term("React", ("react",)), Term("C++", ("c++",)))
_EACH = (
    AnyOf("industries", INDUSTRIES, _TERMS),
    NoneOf("industries", INDUSTRIES, _TERMS),
    AllOf("technologies_all", TECHNOLOGIES, _TERMS),
    AllOf("technologies_all", TECHNOLOGIES, _TERMS, exclude=True),
    Contains("job_titles", JOB_TITLE, _TERMS),
    Contains("job_titles", JOB_TITLE, _TERMS, exclude=True),
    Flag("is_decision_maker", DECISION_MAKER),
    Flag("is_decision_maker", DECISION_MAKER, exclude=True),
    Between("employees", EMPLOYEES, 1, None),
)


def test_clause_is_a_union_of_every_clause_type() -> None:
    assert set(get_args(Clause)) == {type(clause) for clause in _EACH}
    public = {value for name, value in vars(clauses).items() if isinstance(value, type) and hasattr(value, "fact")}
    assert public <= set(get_args(Clause))


def test_clauses_of_equal_content_are_equal_and_hash_alike() -> None:
    for clause in _EACH:
        copy = type(clause)(*(getattr(clause, name) for name in clause.__dataclass_fields__))
        assert copy == clause and hash(copy) == hash(clause)
    assert len(set(_EACH)) == len(_EACH)


def test_clauses_of_one_content_but_two_types_differ() -> None:
    assert len({AnyOf("industries", INDUSTRIES, _TERMS), NoneOf("industries", INDUSTRIES, _TERMS)}) == 2
    assert AnyOf("locations", LOCATIONS, ()) != AnyOf("locations", INDUSTRIES, ())
    assert Query("contacts", _EACH) != Query("companies", _EACH)


def test_clause_and_term_refuse_assignment() -> None:
    with pytest.raises(FrozenInstanceError):
        _EACH[0].field = "other"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        _TERMS[0].value = "other"  # type: ignore[misc]


def test_every_array_field_parses_into_its_clause_type() -> None:
    expected = {"contains": Contains, "words": Contains, "all": AllOf}
    for field in CATALOGUE:
        for kind in ("contacts", "companies"):
            if field.is_array and field.fact(kind):
                plain, excluded = (
                    parse_request(kind, {f"{prefix}{field.name}": ["x.example"]}).query.clauses[0]
                    for prefix in ("", "exclude_")
                )
                assert type(plain) is expected.get(field.kind, AnyOf), field.name
                assert type(excluded) is expected.get(field.kind, NoneOf), field.name
                assert getattr(plain, "exclude", False) is False and getattr(excluded, "exclude", True) is True
