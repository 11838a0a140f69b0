"""A home whose records change all the time: files of changed rows, and searches whose results are judged."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.generate import generate
from letrics.query import parse_request
from letrics.records import Company, Contact, Kind
from tests.naive.clauses import matches
from tests.reliability.running import PATIENCE, start

DEPARTMENTS = ("Engineering", "Sales", "Legal", "Human Resources", "Marketing", "Finance")
SENIORITIES = ("Senior", "Director", "Manager", "Entry", "C-Level")
TITLES = (
    "Sales Manager",
    "Software Engineer",
    "Assistant to the Director",
    "VP Finance",
    "Support Agent",
    "Consultant",
)
INDUSTRIES = ("Software", "Accounting", "Retail", "Farming")
PLACES = (("Berlin", "Berlin", "Germany"), ("Austin", "Texas", "United States"), ("Paris", "Île-de-France", "France"))


class ChangingHome:
    """Imports generated records into `home`, and writes files in which some of them have other values."""

    def __init__(self, home: Path, companies: int, contacts: int) -> None:
        self.home = home
        self.files = home.parent / "files"
        paths = generate(self.files, companies, contacts, seed=1)
        self.companies, self.contacts = ([json.loads(line) for line in path.read_text().splitlines()] for path in paths)
        self.load(*paths)

    def load(self, *files: Path) -> None:
        """Import files, which may take minutes."""
        process = start(self.home, "import", *files, "--yes")
        try:
            _, err = process.communicate(timeout=20 * PATIENCE)
        finally:
            process.kill()
        assert process.returncode == 0, err

    def changed_contacts(self, rng: random.Random, name: str, share: float) -> Path:
        """A file of contacts with other titles, departments, seniorities and sometimes companies. Often in the order in
        which they entered, so that the matches of a page change together."""
        rows = [dict(row) for row in self._some(rng, self.contacts, share)]
        for row in rows:
            row |= {
                "job_title": rng.choice(TITLES), "department": rng.choice(DEPARTMENTS),
                "seniority": rng.choice(SENIORITIES), "is_decision_maker": rng.random() < 0.5,
            }  # fmt: skip
            if rng.random() < 0.1:
                row["company_domain"] = rng.choice(self.companies)["domain"]
            row.pop("updated_at")
        return self._written(name, rows)

    def changed_companies(self, rng: random.Random, name: str, share: float) -> Path:
        """A file of companies with other industries, locations and numbers of employees."""
        rows = [dict(row) for row in self._some(rng, self.companies, share)]
        for row in rows:
            city, region, country = rng.choice(PLACES)
            row |= {"industries": [rng.choice(INDUSTRIES)], "employees": rng.randrange(1, 500)}
            row["locations"] = [{"city": city, "region": region, "country": country}]
            row.pop("updated_at")
        return self._written(name, rows)

    def _some(self, rng: random.Random, rows: list[dict[str, Any]], share: float) -> list[dict[str, Any]]:
        count = max(1, int(share * len(rows)))
        if rng.random() < 0.5:
            return rng.sample(rows, count)
        start = rng.randrange(len(rows) - count + 1)
        return rows[start : start + count]

    def _written(self, name: str, rows: Iterable[dict[str, Any]]) -> Path:
        path = self.files / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path


def random_search(rng: random.Random) -> tuple[Kind, dict[str, Any]]:
    """The kind and the filters of a search. What it finds changes with each import."""
    kind: Kind = rng.choice(("contacts", "contacts", "contacts", "companies"))
    industries, places = [rng.choice(INDUSTRIES)], [rng.choice(("Germany", "Texas, US", "Paris, France", "EU"))]
    of_companies: list[dict[str, Any]] = [
        {"industries": industries}, {"exclude_industries": industries}, {"locations": places},
        {"exclude_locations": places}, {"employees_min": 100, "employees_max": 300},
    ]  # fmt: skip
    if kind == "companies":
        return kind, rng.choice(of_companies)
    departments, titles = [rng.choice(DEPARTMENTS)], [rng.choice(("manager", "engineer", "finance", "director"))]
    own: list[dict[str, Any]] = [
        {"departments": departments}, {"exclude_departments": departments}, {"job_titles": titles},
        {"exclude_job_titles": titles}, {"job_title_words": ["vice president"]}, {"is_decision_maker": True},
        {"seniorities": [rng.choice(SENIORITIES)]},
    ]  # fmt: skip
    return kind, rng.choice(own) | rng.choice(({}, {}, *of_companies))


def passing(kind: Kind, filters: dict[str, Any], records: Iterable[dict[str, Any]]) -> list[bool]:
    """For each record, as the API returns it, whether it matches: judged one by one, by the definition of each
    clause."""
    clauses, found = parse_request(kind, filters).query.clauses, list[bool]()
    for record in records:
        contact = msgspec.convert(record, Contact) if kind == "contacts" else None
        company = msgspec.convert(record, Company) if contact is None else contact.company
        found.append(all(matches(clause, company, contact) for clause in clauses))
    return found
