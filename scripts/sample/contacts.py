"""The contact rows of the sample: invented people with real titles at the sample's companies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from letrics.normalize.domain import registrable_domain
from letrics.normalize.time import parse_time
from scripts.sample.companies import label_of
from scripts.sample.draw import Draw
from scripts.sample.people import People, Person
from scripts.sample.phones import phone
from scripts.sample.rules import DECISIONS, department_of, seniority_of
from scripts.sample.times import LAST, added_at, moment, written
from scripts.sample.titles import Titles

Row = dict[str, Any]

_MAILERS = ("mail.example", "post.example", "webmail.example")
_WITHOUT = 0.12


def share_out(domains: list[str], contacts: int) -> dict[str, int]:
    """How many contacts each company has, `contacts` in all: a few have hundreds, most a handful, one in eight none."""
    order = sorted(
        (domain for domain in domains if not Draw("none", domain).chance(_WITHOUT)),
        key=lambda domain: (Draw("share", domain).number(), domain),
    )
    weights = [1 / (rank + 3) ** 0.8 for rank in range(len(order))]
    total = sum(weights)
    shares = {domain: int(contacts * weight / total) for domain, weight in zip(order, weights, strict=True)}
    for position in range(contacts - sum(shares.values())):
        shares[order[-1 - position % len(order)]] += 1
    return shares


def contact_rows(company: Row, count: int, people: People, titles: Titles) -> Iterator[Row]:
    """`count` contacts of one company. No two have the same address or profile."""
    domain = registrable_domain(company["domain"])
    taken: set[str] = set()
    for number in range(count):
        draw = Draw("contact", domain, number)
        places = company.get("locations") or [{}]
        country = places[0 if draw.chance(0.8) else draw.below(len(places))].get("country")
        person = people.person(draw, country)
        title, group = titles.title(draw, country, company.get("functions", []), number == 0)
        mailbox = _mailbox(person, draw, taken)
        row: Row = {
            "company_domain": domain,
            **_names(person, draw),
            **_position(title, group, draw),
            "emails": _emails(mailbox, label_of(domain), draw),
            "linkedin_url": f"https://linkedin.example/in/{mailbox}-{label_of(domain)}" if draw.chance(0.55) else None,
            "phone": phone(draw, country) if draw.chance(0.3) else None,
        }
        row = {member: value for member, value in row.items() if value not in (None, [], "") or draw.chance(0.03)}
        yield row | _times(company, draw)


def _names(person: Person, draw: Draw) -> Row:
    if draw.chance(0.02):  # some sources know one name only, or the whole name and not its parts
        return {"full_name": person.full_name if draw.chance(0.6) else person.family}
    row = {"first_name": person.given, "last_name": person.family}
    if person.family_first and draw.chance(0.5):
        row["full_name"] = person.full_name
    return row


def _position(title: str, group: str, draw: Draw) -> Row:
    seniority = seniority_of(title)
    decides = draw.weighted((seniority in DECISIONS, None), (85, 15))
    if draw.chance(0.03):
        return {"job_title": None, "department": None, "seniority": None}
    if draw.chance(0.01):  # as some sources write it
        title = title.upper() if draw.chance(0.5) else f"  {title.replace(' ', '  ')} "
    return {
        "job_title": title,
        "department": department_of(title, group),
        "seniority": seniority if draw.chance(0.93) else None,
        "is_decision_maker": decides,
    }


def _mailbox(person: Person, draw: Draw, taken: set[str]) -> str:
    given, family = person.address_given or "x", person.address_family or "x"
    name = draw.weighted((f"{given}.{family}", f"{given[0]}{family}", f"{given}_{family}"), (7, 2, 1))[:40]
    number = 1
    while (unique := name if number == 1 else f"{name}{number}") in taken:
        number += 1
    taken.add(unique)
    return unique


def _emails(mailbox: str, label: str, draw: Draw) -> list[Row]:
    kind = draw.weighted(("work", "none", "both", "private", "role"), (68, 22, 4, 4, 2))
    emails: list[Row] = []
    if kind in ("work", "both"):
        emails.append({"value": f"{mailbox}@{label}.example"})
    if kind in ("private", "both"):
        emails.append({"value": f"{mailbox}.{label}@{draw.one(_MAILERS)}"})
    if kind == "role":
        emails.append({"value": f"{draw.one(('info', 'sales', 'office'))}@{label}.example", "type": "generic"})
    for email in emails:
        if "type" not in email and draw.chance(0.3):
            email["type"] = "personal"
    return emails


def _times(company: Row, draw: Draw) -> Row:
    added = added_at(draw, "", parse_time(company["added_at"]))
    row: Row = {"added_at": written(added)}
    if draw.chance(0.9):
        row["updated_at"] = written(added if draw.chance(0.2) else moment(draw, added, LAST))
    return row
