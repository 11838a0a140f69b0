"""Readers of columns: empty cells by kind of column, prepared text, and the cache."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import UNSET

from letrics.ingest.column_reader import ColumnReader
from letrics.ingest.columns import COLUMNS


def reader(name: str, kind: Any = "contacts") -> ColumnReader:
    return ColumnReader(COLUMNS[kind][name])


@pytest.mark.parametrize(
    ("name", "cell", "read"),
    [
        ("job_title", " CEO ", "CEO"),
        ("job_title", "n/a", UNSET),
        ("job_title", " - ", UNSET),
        ("job_title", "R&amp;D", "R&D"),
        ("job_title", '="0301"', "0301"),
        ("job_title", '="N/A"', UNSET),
        ("job_title", "\u200b", UNSET),
        ("job_title", "", UNSET),
        ("job_title", None, None),
        ("job_title", "a\tb", "a b"),
        ("first_name", "Nan", "Nan"),
        ("last_name", "Null", "Null"),
        ("full_name", "unknown", "unknown"),
        ("full_name", "?", UNSET),
        ("company_name", "Unknown", UNSET),
        ("company_industries", ["Software", "n/a"], ("Software",)),
        ("company_industries", ["-"], UNSET),
        ("company_industries", [], ()),
        ("company_industries", None, ()),
        ("company_employees", "#N/A", UNSET),
        ("emails", "email_not_unlocked@domain.com", UNSET),
        ("emails", "No email found", UNSET),
        ("company_country", "NA", UNSET),
    ],
)
def test_read_of_a_cell_gives_its_value(name: str, cell: Any, read: Any) -> None:
    column = reader(name)
    assert column.read(cell) == read
    assert column.read(cell) == read


def test_read_of_country_code_keeps_namibia() -> None:
    assert reader("company_country_code").read("NA") == "NA"
    assert reader("company_country_code").read("N/A") is UNSET


def test_read_of_place_objects_knows_empty_parts() -> None:
    (place,) = reader("company_locations").read([{"city": "n/a", "country_code": "NA"}, {"city": "-"}, "unknown"])
    assert (place.city, place.country) == (None, "Namibia")


def test_read_of_a_list_in_an_object_gives_its_first_value() -> None:
    column = ColumnReader(COLUMNS["contacts"]["company_name"], "organization.name")
    assert column.read(["Acme", None, "Acme"]) == "Acme"
    assert column.read(["Acme", "Other"]).reasons == ('"Other" is left out: the field has one value',)
    with pytest.raises(ValueError, match="must be a string"):
        column.read([["Acme"]])
    profile = ColumnReader(COLUMNS["contacts"]["linkedin_url"], "linkedin.handle")
    assert profile.read("in/ann") == "https://www.linkedin.com/in/ann"


def test_cache_has_recent_cells_and_is_bounded() -> None:
    column = reader("job_title")
    for number in range(5_000):
        assert column.read(f"title {number}") == f"title {number}"
    assert column.cache["title 4999"] == "title 4999"
    assert len(column.cache) <= 1_024
    column.read("x" * 5_000)
    assert "x" * 5_000 not in column.cache


def test_cache_has_no_cells_that_cannot_be_read() -> None:
    column = reader("company_employees")
    for _ in range(2):
        with pytest.raises(ValueError, match="whole number"):
            column.read("many")


def test_read_of_links_takes_only_the_page_of_the_record() -> None:
    person, company = "https://www.linkedin.com/in/ann", "https://www.linkedin.com/company/acme"
    links = ColumnReader(COLUMNS["contacts"]["linkedin_url"], "socials")
    assert [links.read(cell) for cell in (person, company, [company, person])] == [person, UNSET, person]
    assert links.read_all([person, company, ""]) == [person, UNSET, UNSET]
    pages = ColumnReader(COLUMNS["companies"]["linkedin_url"], "data.links.url")
    assert pages.read_all([person, company]) == [UNSET, company]


def test_read_of_a_list_gives_its_first_value_but_not_with_our_name() -> None:
    column = COLUMNS["companies"]["name"]
    assert ColumnReader(column, "Company").read(["Acme"]) == "Acme"
    with pytest.raises(ValueError, match="must be a string"):
        ColumnReader(column, "name").read(["Acme"])
