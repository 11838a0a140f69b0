"""Names of objects that say nothing, of jobs, and of values in objects."""

from __future__ import annotations

import pytest

from letrics.ingest.nested_names import is_job_name, value_names, without_wrappers


@pytest.mark.parametrize(
    ("header", "left"),
    [
        ("properties.email", "email"),
        ("Data.Attributes.first-name", "first-name"),
        ("_source.email", "email"),
        ("source.name", "source.name"),
        ("properties", "properties"),
        ("properties.", "properties."),
        ("organization.data.name", "organization.data.name"),
        ("email", "email"),
        ("data." * 200_000, "data."),
    ],
)
def test_without_wrappers_leaves_meaningful_names(header: str, left: str) -> None:
    assert without_wrappers(header) == left


@pytest.mark.parametrize(
    ("header", "is_job"),
    [("employment_history", True), ("person.experience", True), ("Experience.title", False), ("history", False)],
)
def test_is_job_name_looks_at_the_last_name(header: str, is_job: bool) -> None:
    assert is_job_name(header) is is_job


def test_value_names_depend_on_the_field() -> None:
    assert "sanitizednumber" in value_names("phone")
    assert value_names("company_website") == value_names("website")
    assert "value" in value_names("job_title")
