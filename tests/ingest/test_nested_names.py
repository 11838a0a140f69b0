"""Names of objects that say nothing, of jobs, and of values in objects."""

from __future__ import annotations

import pytest

from letrics.ingest.nested_names import (
    is_in_related,
    is_job_name,
    is_links_column,
    is_wrapper,
    value_names,
    without_links,
    without_wrappers,
)


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


@pytest.mark.parametrize(
    ("header", "is_column", "left"),
    [
        ("socials", True, ""),
        ("data.social_profiles.url", True, "url"),
        ("socials.linkedin", False, "linkedin"),
        ("company.links.href", True, None),
        ("links.linkedin.url", False, "linkedin.url"),
        ("url", False, None),
        ("Social", True, ""),
        ("sameAs/0", True, None),
        ("data/links[0].href", True, None),
        ("properties", False, None),
    ],
)
def test_links_are_lists_and_objects_of_addresses(header: str, is_column: bool, left: str | None) -> None:
    assert is_links_column(header) is is_column
    assert without_links(header) == left


def test_is_in_related_of_a_field_of_another_company() -> None:
    assert is_in_related("client.name") and is_in_related("data.vendor.contact.email")
    assert not is_in_related("client") and not is_in_related("account.name")
    assert is_wrapper("properties") and is_wrapper("_source") and not is_wrapper("source")
