"""The company rows of the sample: facts of the sources, and what is drawn or follows by rule."""

from __future__ import annotations

import re
from typing import Any

from letrics.normalize.domain import display_domain
from letrics.normalize.time import parse_time
from scripts.sample.draw import Draw
from scripts.sample.places import Gazetteer, places_of
from scripts.sample.rules import functions_of
from scripts.sample.sources import Firm
from scripts.sample.technologies import Technologies
from scripts.sample.times import FIRST, LAST, added_at, moment, written

Row = dict[str, Any]

_ROLES_BY_COUNTRY = {
    "Germany": ("kontakt", "vertrieb", "datenschutz"), "Austria": ("kontakt", "office"), "Switzerland": ("kontakt",),
    "France": ("contact", "commercial"), "Spain": ("ventas", "contacto"), "Mexico": ("ventas", "contacto"),
    "Brazil": ("contato", "vendas"), "Italy": ("info", "commerciale"), "Poland": ("biuro", "kontakt"),
    "Sweden": ("kontakt", "info"), "Norway": ("post", "kontakt"), "Denmark": ("kontakt", "mail"),
}  # fmt: skip
_ROLES = ("info", "sales", "contact", "support", "hello", "office", "press", "jobs", "marketing", "admin")
_PLAIN_ROLES = ("info", "sales", "contact", "kontakt")

_EMPLOYEES = {
    "tiny": (2, 10), "startup": (2, 20), "small": (11, 50), "medium": (51, 500), "large": (501, 5_000),
    "enterprise": (5_001, 60_000),
}  # fmt: skip


def label_of(domain: str) -> str:
    """The name of a domain as one label under .example: acme-co-uk for acme.co.uk."""
    return re.sub(r"-{2,}", "-", domain.replace("xn--", "idn-").replace(".", "-")).strip("-")[:60].strip("-")


def company_row(firm: Firm, gazetteer: Gazetteer, technologies: Technologies) -> Row:
    """One row of the companies file. Addresses are under .example and profiles under linkedin.example."""
    draw = Draw("company", firm.domain)
    functions = functions_of(firm.industries)
    places, invented = places_of(firm, gazetteer)
    shown = display_domain(firm.domain)
    row: Row = {
        # Most files give the domain in ASCII, some as people write it: both forms are read.
        "domain": shown if draw.chance(0.5) else firm.domain,
        "name": firm.name,
        "website": firm.website or f"https://{firm.domain}/",
        "description": _description(firm, places, invented),
        "locations": places,
        "functions": functions,
        "industries": list(firm.industries),
        "technologies": technologies.of(firm, functions),
        "emails": _emails(firm, draw),
        "linkedin_url": f"https://linkedin.example/company/{label_of(firm.domain)}" if draw.chance(0.7) else None,
        "employees": draw.between(*_EMPLOYEES[firm.size]) if firm.size in _EMPLOYEES else None,
    }
    row = {member: value for member, value in row.items() if value or draw.chance(0.04)}
    return row | _times(firm, draw)


def _description(firm: Firm, places: list[dict[str, str]], invented: bool) -> str:
    what = firm.industries[0] if firm.industries else "Company"
    where = ", ".join(places[0].values()) if places else ""
    more = " Its further offices are invented for this sample." if invented else ""
    return f"{what}{', ' + where if where else ''}.{more}"


def _emails(firm: Firm, draw: Draw) -> list[Row]:
    host = f"{label_of(firm.domain)}.example"
    roles = (*_ROLES_BY_COUNTRY.get(firm.country, ()), *_ROLES)
    emails: list[Row] = []
    if draw.chance(0.62):
        names = draw.some(roles, draw.weighted((1, 2, 3), (6, 3, 1)), skew=2.0)
        emails = [{"value": f"{name}@{host}", "type": "generic"} for name in names]
    if draw.chance(0.05):
        emails.append({"value": f"founder.{draw.between(1, 9)}@{host}", "type": "personal"})
    if emails and emails[0]["value"].partition("@")[0] in _PLAIN_ROLES and draw.chance(0.3):
        del emails[0]["type"]  # the import infers from the name that it is a role
    return emails


def _times(firm: Firm, draw: Draw) -> dict[str, str]:
    added = added_at(draw, firm.added)
    seen = added if draw.chance(0.3) else moment(draw, min(FIRST, added), added)
    row = {"first_seen_at": written(seen), "added_at": written(added)}
    if firm.updated:
        row["updated_at"] = written(max(parse_time(firm.updated), added))
    elif draw.chance(0.9):
        row["updated_at"] = written(added if draw.chance(0.2) else moment(draw, added, LAST))
    return row
