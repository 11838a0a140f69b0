"""The open data sets that the sample is made from, read into the few facts it takes of each.

Facts only (names, domains, places, industries, dates, titles): no sentence of any source is carried over.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from letrics.normalize.domain import icann_suffix, registrable_domain
from letrics.normalize.shared_hosts import is_shared_domain

LISTED = "companies_financedatabase.csv.gz"
REMOTE = "companies_remoteintech.csv"
LANDSCAPE = "companies_cncf_landscape.csv"
WEB_TECHNOLOGIES = "technologies_catalog_mit.csv"
OFFICE_TECHNOLOGIES = "onet_technologies.csv"
ALTERNATE_TITLES = "onet_alternate_titles.csv.gz"
REPORTED_TITLES = "onet_reported_titles.csv"
FOUND_TITLES = "job_titles_find_job_titles.txt.gz"
CITIES = "geonames_cities15000.csv.gz"
REGIONS = "geonames_admin1.csv"
COUNTRIES = "country_codes.csv"


@dataclass(frozen=True, slots=True)
class Firm:
    """What the sources say of one company. Blank and empty where a source says nothing."""

    source: str
    name: str
    domain: str
    website: str
    country: str = ""
    region: str = ""
    city: str = ""
    industries: tuple[str, ...] = ()
    size: str = ""
    technology_tags: tuple[str, ...] = ()
    technology_text: str = ""
    offices_text: str = ""
    added: str = ""
    updated: str = ""


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file, gzipped or not."""
    with (
        gzip.open(path, "rt", encoding="utf-8", newline="")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8", newline="") as file
    ):
        yield from csv.DictReader(file)


def read_lines(path: Path) -> list[str]:
    """The lines of a gzipped text file that are not blank."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip()]


def own_domain(text: str) -> str | None:
    """The domain if it is registrable under a known suffix and a company's own, else None."""
    try:
        domain = registrable_domain(text)
    except ValueError:
        return None
    private = icann_suffix(domain) != domain.partition(".")[2]
    return None if private or domain in _SHARED or is_shared_domain(domain) else domain


_SHARED = {"github.com", "google.com", "medium.com", "linkedin.com", "facebook.com", "gitlab.com", "twitter.com"}


def listed_firms(source: Path) -> Iterator[Firm]:
    """Companies listed at a stock exchange, with country, city and industry."""
    for row in read_rows(source / LISTED):
        industries = dict.fromkeys(text for text in (row["industry"], row["industry_group"]) if text)
        yield Firm(
            "listed", row["name"], row["domain"], row["website"], row["country"], row["state"], row["city"],
            tuple(industries), row["market_cap_bucket"],
        )  # fmt: skip


def remote_firms(source: Path) -> Iterator[Firm]:
    """Companies that hire for remote work, with their technologies, offices and real dates."""
    for row in read_rows(source / REMOTE):
        tags = tuple(tag for tag in row["technologies"].split("|") if tag)
        yield Firm(
            "remote", row["name"].strip(" >"), row["domain"], row["website"],
            industries=("Information Technology",) if tags else (), size=row["company_size"], technology_tags=tags,
            technology_text=row["technologies_text"], offices_text=row["office_locations_text"],
            added=row["added_at"], updated=row["updated_at"],
        )  # fmt: skip


def landscape_firms(source: Path) -> Iterator[Firm]:
    """Members and certified providers of the Cloud Native Computing Foundation; some with the date they joined."""
    for row in read_rows(source / LANDSCAPE):
        if row["category"] not in ("CNCF Members", "Special"):
            continue
        industries = ["Cloud Native Computing"]
        if row["category"] == "Special":
            industries.append("IT Services")
        name = row["name"].removesuffix(" (member)").removesuffix(" (supporter)").removesuffix(" (KCSP)")
        yield Firm("landscape", name, row["domain"], row["homepage"], industries=tuple(industries), added=row["joined"])
