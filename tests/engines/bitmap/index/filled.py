"""Fills a database with companies and contacts."""

from __future__ import annotations

import random

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import Email, Place
from letrics.store.base import Store

TITLES = ("Head of Sales", "C++ Engineer", "経理", "VP, R&D", "Sales Manager", None)


NAMES = ("Ada Lovelace", "Søren Kierkegaard", "O'Neil Jane", "李 明")


def fill(store: Store, contacts: int) -> None:
    draw = random.Random(5)
    store.put_companies(
        [
            CompanyPatch(
                domain=f"company-{at}.example",
                industries=tuple(draw.sample(("Software", "Banks", "Steel"), draw.randrange(3))),
                locations=(Place(city="Berlin", country="Germany", country_code="DE"),) if at % 2 else (),
                employees=draw.choice((None, 5, 900)),
            )
            for at in range(20)
        ]
    )
    store.put_contacts(
        [
            ContactPatch(
                company=f"company-{draw.randrange(25)}.example",
                external_id=f"c{at}",
                full_name=f"{draw.choice(NAMES)} {at % 50}",
                job_title=draw.choice(TITLES),
                department=draw.choice((None, "Sales", "IT")),
                emails=(Email(value=f"p{at}@company.example", type="personal"),) if at % 3 else (),
            )
            for at in range(contacts)
        ]
    )
