"""Blank and repeated names of columns."""

from __future__ import annotations

from letrics.ingest.column_names import distinct_names, join_groups


def test_name_that_occurs_twice_is_numbered() -> None:
    names = ["domain", "Tag", "Tag", "Tag (2)", "tag"]
    assert distinct_names(names) == ["domain", "Tag", "Tag (3)", "Tag (2)", "tag"]


def test_blank_name_is_the_place_of_its_column() -> None:
    assert distinct_names(["domain", "", "column 2", ""]) == ["domain", "column 2", "column 2 (2)", "column 4"]


def test_name_of_a_group_is_put_before_names_where_both_are_known() -> None:
    known = {"Company Name", "Contact Email"}.__contains__
    groups, names = ["", "Company", "Company", "Contact"], ["#", "Name", "Size", "Email", "Phone"]
    assert join_groups(groups, names, known) == ["#", "Company Name", "Size", "Contact Email", "Phone"]
