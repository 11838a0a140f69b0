"""Queries in the query language of OpenSearch. What they find, the conformance suite and the judge say."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.engines.opensearch.translate import EVERYTHING, NOTHING, any_text, count_clauses, translate
from letrics.fields import JOB_TITLE
from letrics.query import parse_request
from letrics.query.clauses import Query

TITLE = "contact_job_title"


def phrase(trigrams: str) -> dict[str, Any]:
    return {"match_phrase": {f"{TITLE}.tri": {"query": trigrams, "analyzer": "spaced"}}}


def filters(**body: Any) -> dict[str, Any]:
    found: dict[str, Any] = translate(parse_request("contacts", body).query)["bool"]
    return found


def test_query_without_clauses_matches_everything() -> None:
    assert translate(Query("contacts")) == EVERYTHING


def test_excluded_clauses_must_not_match() -> None:
    found = filters(departments=["Sales"], exclude_seniorities=["Head"], exclude_is_decision_maker=True)
    assert found == {
        "filter": [{"terms": {"contact_department": ["sales"]}}],
        "must_not": [
            {"terms": {"contact_seniority": ["head"]}},
            {"term": {"contact_flags": "contact.is_decision_maker"}},
        ],
    }


def test_value_that_no_record_can_have_matches_nothing() -> None:
    assert filters(domains=["no domain"])["filter"] == [NOTHING]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["ab"], {"prefix": {f"{TITLE}.tri": "ab"}}),
        (["abc"], {"terms": {f"{TITLE}.tri": ["abc"]}}),
        (["業務"], {"prefix": {f"{TITLE}.tri": "業務"}}),
        (["abcd"], phrase("abc\nbcd")),
        (["\nvp\n"], {"terms": {f"{TITLE}.words": ["vp"]}}),
        (["\nvp\nsales\n"], {"match_phrase": {f"{TITLE}.words": "vp sales"}}),
        ([""], {"prefix": {f"{TITLE}.tri": ""}}),
        ([], NOTHING),
        (
            ["abc", "long", "def"],
            {
                "bool": {
                    "should": [phrase("lon\nong"), {"terms": {f"{TITLE}.tri": ["abc", "def"]}}]
                }
            },
        ),
    ],
)  # fmt: skip
def test_any_text_uses_the_field_of_its_length(keys: list[str], expected: dict[str, Any]) -> None:
    assert any_text(JOB_TITLE, keys) == expected


def test_range_without_bounds_is_existence() -> None:
    assert filters(employees_min=5)["filter"][0]["bool"]["should"][0] == {"range": {"company_employees": {"gte": 5}}}
    overlapping = filters(employees_min=5)["filter"][0]["bool"]["should"][1]["bool"]
    assert overlapping == {
        "filter": [{"exists": {"field": "company_employees_least"}}, {"range": {"company_employees_most": {"gte": 5}}}],
        "must_not": [{"exists": {"field": "company_employees"}}],
    }


def test_count_clauses_counts_what_contains_no_others() -> None:
    body = {"job_titles": ["manager", "director"], "exclude_domains": ["a.example", "b.example"], "employees_min": 5}
    assert count_clauses(translate(parse_request("contacts", body).query)) == 2 + 1 + 4
    assert count_clauses(EVERYTHING) == 1
