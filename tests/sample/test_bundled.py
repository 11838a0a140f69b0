"""The bundled sample: whole, usable, exercising every filter, and without addresses of real people."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from letrics.fields import CATALOGUE
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.contact_mapper import ContactMapper
from letrics.normalize.domain import icann_suffix, registrable_domain
from letrics.normalize.time import parse_time
from letrics.records import Kind
from letrics.sample import sample_file

_PHONES = (
    r"\+1-\d{3}-555-01\d\d", r"\+44 20 7946 0\d{3}", r"\+44 1632 960\d{3}", r"\+44 7700 900\d{3}",
    r"\+61 [23] 5550 \d{4}", r"\+49 (30 23125|69 90009|40 66969|89 99998)\d{3}", r"\+33 (1 99 00|6 39 98) \d{4}",
    r"\+46 70 174 06 \d\d",
)  # fmt: skip


def _rows(kind: Kind) -> list[dict[str, Any]]:
    with gzip.open(sample_file(kind)) as lines:
        return [msgspec.json.decode(line) for line in lines]


@pytest.fixture(scope="module")
def companies() -> list[dict[str, Any]]:
    return _rows("companies")


@pytest.fixture(scope="module")
def contacts() -> list[dict[str, Any]]:
    return _rows("contacts")


@pytest.fixture(scope="module")
def company_patches(companies: list[dict[str, Any]]) -> list[CompanyPatch]:
    mapper = CompanyMapper()
    patches = [mapper.read(row) for row in companies]
    assert not mapper.ignored
    return patches


@pytest.fixture(scope="module")
def contact_patches(contacts: list[dict[str, Any]]) -> list[ContactPatch]:
    mapper = ContactMapper()
    patches = [mapper.read(row) for row in contacts]
    assert not mapper.ignored
    return patches


def test_it_is_large_enough_and_small_enough(companies: list[Any], contacts: list[Any]) -> None:
    assert len(companies) >= 5_000
    assert len(contacts) >= 25_000
    assert sample_file("companies").stat().st_size + sample_file("contacts").stat().st_size <= 3_000_000


def test_every_company_is_a_registrable_domain_of_its_own(company_patches: list[CompanyPatch]) -> None:
    domains = [patch.domain for patch in company_patches if patch.domain is not None]
    assert len(domains) == len(company_patches)
    assert len(set(domains)) == len(domains)
    for domain in domains:
        assert registrable_domain(domain) == domain
    suffixes = {icann_suffix(domain) for domain in domains}
    assert {"com", "co.uk", "de", "xn--p1ai", "xn--fiqs8s"} <= suffixes
    assert len(suffixes) > 100


def test_every_contact_has_an_id_of_its_own_and_a_known_company(
    company_patches: list[CompanyPatch], contact_patches: list[ContactPatch]
) -> None:
    assert len({patch.external_id for patch in contact_patches}) == len(contact_patches)
    assert {patch.company for patch in contact_patches} <= {patch.domain for patch in company_patches}


def _addresses(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        for email in row.get("emails") or ():
            yield email["value"]


def test_nobody_can_be_written_to_or_called(companies: list[dict[str, Any]], contacts: list[dict[str, Any]]) -> None:
    rows = companies + contacts
    assert all(address.endswith(".example") for address in _addresses(rows))
    profiles = [row["linkedin_url"] for row in rows if row.get("linkedin_url")]
    assert all(profile.startswith("https://linkedin.example/") for profile in profiles)
    assert len(set(profiles)) == len(profiles)
    numbers = [row["phone"] for row in contacts if row.get("phone")]
    assert len(numbers) > 1_000
    assert [number for number in numbers if not any(re.fullmatch(form, number) for form in _PHONES)] == []


def test_every_fact_of_the_catalogue_is_there_to_be_searched(
    companies: list[dict[str, Any]], contacts: list[dict[str, Any]]
) -> None:
    members: dict[str, str | None] = {
        "job_titles": "job_title", "job_title_words": "job_title", "departments": "department",
        "seniorities": "seniority",
        "has_personal_email": "emails", "has_linkedin_profile": "linkedin_url",
        "is_decision_maker": "is_decision_maker", "company_has_generic_email": "emails",
        "company_has_linkedin_profile": "linkedin_url", "has_generic_email": "emails", "added_after": "added_at",
        "added_before": "added_at", "first_seen_after": "first_seen_at", "first_seen_before": "first_seen_at",
        "locations": "locations", "contact_locations": None, "functions": "functions", "industries": "industries",
        "tlds": "domain",
        "technologies": "technologies", "technologies_all": "technologies", "domains": "domain",
        "company_names": "name", "full_names": "full_name", "emails": "emails", "employees_min": "employees",
        "employees_max": "employees", "founded_year_min": None, "founded_year_max": None,
        "primary_location_only": "locations", "contact_added_after": "added_at",
        "contact_added_before": "added_at", "updated_after": "updated_at", "updated_before": "updated_at",
        "contact_updated_after": "updated_at", "contact_updated_before": "updated_at",
    }  # fmt: skip
    for field in CATALOGUE:
        fact = field.contacts or field.companies
        assert fact is not None
        member = members[field.name]
        # No open source says when these companies were founded or where these people are, and no rule could.
        if member is None:
            continue
        rows = companies if fact.owner == "company" else contacts
        carried = sum(1 for row in rows if row.get(member))
        assert carried > (500 if member == "employees" else 1_000), field.name
        assert carried < len(rows) or member in ("domain", "name", "full_name", "added_at", "first_seen_at"), (
            f"no record lacks {member}"
        )


def test_values_are_many_and_spread(companies: list[dict[str, Any]], contacts: list[dict[str, Any]]) -> None:
    def values(member: str) -> set[str]:
        return {value for row in companies for value in row.get(member) or ()}

    assert len(values("functions")) >= 6
    assert len(values("industries")) > 100
    assert len(values("technologies")) > 1_000
    countries = {place.get("country") for row in companies for place in row.get("locations") or ()}
    assert len(countries) > 80
    assert {len(row.get("locations") or ()) for row in companies} == set(range(6))
    assert len({row.get("job_title") for row in contacts}) > 5_000
    sizes = Counter(row["company_domain"] for row in contacts).most_common()
    assert sizes[0][1] > 50 * sizes[len(sizes) // 2][1]


def test_odd_values_are_there(companies: list[dict[str, Any]], contacts: list[dict[str, Any]]) -> None:
    assert any("job_title" in row and row["job_title"] is None for row in contacts)
    assert any(row.get("emails") == [] for row in companies)
    assert any(not (row.get("job_title") or "").isascii() for row in contacts)
    assert any(not (row.get("first_name") or "").isascii() for row in contacts)
    assert any("  " in (row.get("job_title") or "") for row in contacts)
    assert any("full_name" in row and "first_name" not in row for row in contacts)
    assert any(not row["domain"].isascii() for row in companies)


def test_times_span_years_and_some_are_equal(companies: list[dict[str, Any]], contacts: list[dict[str, Any]]) -> None:
    added = Counter(parse_time(row["added_at"]) for row in contacts)
    assert added.most_common(1)[0][1] > 100
    assert max(added) - min(added) > 8 * 365 * 86_400_000
    for row in companies:
        assert parse_time(row["first_seen_at"]) <= parse_time(row["added_at"])
    assert any(row.get("updated_at") == row["added_at"] for row in companies)
