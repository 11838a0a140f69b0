"""Random worlds: records as an import would write them, and the steps by which a world changes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, UnsetType

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.normalize.place import complete_place
from letrics.records import Company, ContactBody, Email, declared_fields
from tests.property import vocabulary as words
from tests.property.reading import ascii_name, written


class Generator:
    """Makes patches and remembers which ids it has given out, so that later steps can change and delete them."""

    def __init__(self, rng: random.Random, now_ms: int = 1_735_689_600_000) -> None:
        self.rng = rng
        self.domains: list[str] = []
        self.contacts: list[str] = []
        self._next = 0

    def company(self, domain: str | None = None) -> CompanyPatch:
        """A new company, or with `domain` (an id where it has none) a change of some members of that one."""
        rng, new = self.rng, domain is None
        if domain is None:
            domain = ascii_name(
                f"{rng.choice(('c', 'acme-', 'x', 'bücher', '会社'))}{self._number()}.{rng.choice(words.ENDINGS)}"
            )
            if rng.random() < 0.08:
                domain = f"co_{self._number():012d}"
            self.domains.append(domain)
        members: dict[str, Any] = {
            "name": rng.choice((*words.COMPANY_NAMES, None)),
            "locations": tuple(complete_place(*place) for place in self._some(words.PLACES, 5)),
            "functions": self._some(words.FUNCTIONS, 2),
            "industries": self._some(words.INDUSTRIES, 3),
            "technologies": self._some(words.TECHNOLOGIES, 6),
            "emails": self._emails(),
            "linkedin_url": rng.choice((None, f"https://www.linkedin.com/company/{domain}")),
            "employees": rng.choice(words.EMPLOYEES),
            "employees_range": rng.choice(words.BANDS),
            "founded_year": rng.choice(words.YEARS),
            "first_seen_at": self._moment(),
            "added_at": self._moment(),
        }
        self._complete(Company, members)
        if new:
            members["updated_at"] = self._moment()
        return CompanyPatch(**_named(domain), **self._given(members, new))

    def contact(self, id: str | None = None) -> ContactPatch:
        """A new contact, mostly at a company known; or with `id` a change of some members of that one."""
        rng, new = self.rng, id is None
        if id is None:
            id = f"{rng.choice(('crm:', 'p', 'ü'))}{self._number()}"
            self.contacts.append(id)
        members: dict[str, Any] = {
            "first_name": rng.choice(words.FIRST_NAMES),
            "last_name": rng.choice(words.LAST_NAMES),
            "job_title": self._title(),
            "department": rng.choice((*words.DEPARTMENTS, None)),
            "seniority": rng.choice((*words.SENIORITIES, None)),
            "is_decision_maker": rng.choice((True, False, None)),
            "emails": self._emails(),
            "linkedin_url": rng.choice((None, f"https://www.linkedin.com/in/person-{self._number()}")),
            "locations": tuple(complete_place(*place) for place in self._some(words.PLACES, 3)),
            "derived": self._some(words.BY_FORM["derived"], 3),
            "added_at": self._moment(),
        }
        self._complete(ContactBody, members)
        if new:
            members["updated_at"] = self._moment()
        return ContactPatch(company=self._employer(), external_id=id, **self._given(members, new))

    def _complete(self, record: type[Company | ContactBody], members: dict[str, Any]) -> None:
        """Add values of the fields that a record declares besides those given, by their form."""
        rng = self.rng
        for name, declared in declared_fields(record).items():
            if name in (*members, "id", "domain", "full_name", "updated_at"):
                continue
            match declared.form:
                case None | "emails" | "places" | "band" | "derived":
                    pass
                case "flag":
                    members[name] = rng.choice((True, False, None))
                case "count" | "year":
                    members[name] = rng.choice((*words.EMPLOYEES, *words.YEARS))
                case "time":
                    members[name] = self._moment()
                case "texts":
                    members[name] = self._some(words.BY_FORM["texts"], 4)
                case form:
                    members[name] = rng.choice((*words.BY_FORM[form], None))

    def _employer(self) -> str | CompanyPatch | UnsetType | None:
        rng = self.rng
        if rng.random() < 0.08:
            return rng.choice((UNSET, None))
        if not self.domains or rng.random() < 0.03:
            company = self.company()
            return company if rng.random() < 0.5 or company.domain is None else company.domain
        # Few companies employ most people.
        domain = self.domains[min(int(rng.expovariate(4 / len(self.domains))), len(self.domains) - 1)]
        if domain.startswith("co_"):
            return CompanyPatch(id=domain)
        return self.company(domain) if rng.random() < 0.02 else domain

    def _title(self) -> str | None:
        rng = self.rng
        if rng.random() < 0.08:
            return None
        title = rng.choice(words.TITLES)
        while rng.random() < 0.25:
            title += rng.choice((" ", "  ", ", ", "/", "-", "", "\u3000")) + rng.choice(words.TITLES)
        return title[:190].strip()

    def _emails(self) -> tuple[Email, ...]:
        number = self._number()
        personal, generic = (
            Email(f"jo{number}@people.example", "personal"),
            Email(f"info{number}@firm.example", "generic"),
        )
        return self.rng.choice(((), (personal,), (generic,), (generic, personal)))

    def _given(self, members: dict[str, Any], new: bool) -> dict[str, Any]:
        share = 0.85 if new else 0.35
        return {name: value if self.rng.random() < share else UNSET for name, value in members.items()}

    def _some(self, choices: Sequence[Any], most: int) -> tuple[Any, ...]:
        return tuple(self.rng.sample(choices, self.rng.choice((0, 1, 1, 2, most))))

    def _moment(self) -> str:
        rng = self.rng
        if rng.random() < 0.3:
            return written(words.MOMENTS[9])  # one import puts many records on one millisecond
        return written(rng.choice(words.MOMENTS[:-2] if rng.random() < 0.95 else words.MOMENTS))

    def _number(self) -> int:
        self._next += 1
        return self._next


def _named(id: str) -> dict[str, str]:
    """What identifies the company in a patch: its id, so that companies with the same name stay apart, and its domain
    if it has one."""
    return {"id": id} if id.startswith("co_") else {"id": id, "domain": id}
