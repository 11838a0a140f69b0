"""Random requests, biased so that most match something and many match at an edge."""

from __future__ import annotations

import random
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from letrics.records import Company, ContactBody, Kind, declared_fields
from tests.property import vocabulary as words
from tests.property.model import ARRAYS, FLAGS, NUMBERS, PRIMARY, ROWS, TIMES
from tests.property.reading import ascii_name, folded

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_VALUES = {
    "departments": words.DEPARTMENTS, "seniorities": words.SENIORITIES, "functions": words.FUNCTIONS,
    "industries": words.INDUSTRIES, "technologies": words.TECHNOLOGIES, "locations": words.ASKED_PLACES,
    "contact_locations": words.ASKED_PLACES,
    "tlds": words.ASKED_ENDINGS, "technologies_all": words.TECHNOLOGIES, "company_names": words.ASKED_NAMES,
    "full_names": words.ASKED_PEOPLE,
}  # fmt: skip


def random_body(rng: random.Random, kind: Kind, domains: list[str]) -> dict[str, Any]:
    """A request body without paging: none to six filters, sometimes with members that restrict nothing."""
    body: dict[str, Any] = {}
    for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3, 4, 5, 6))):
        shape = rng.random()
        if shape < 0.7:
            name = "job_titles" if kind == "contacts" and rng.random() < 0.35 else rng.choice(ARRAYS[kind])
            prefix = "exclude_" if rng.random() < 0.3 else ""
            body[prefix + name] = _values(rng, kind, name, domains)
        elif shape < 0.82:
            body[rng.choice(("", "", "exclude_")) + rng.choice(FLAGS[kind])] = True
        elif shape < 0.87:
            stem, end = rng.choice(NUMBERS[kind]), rng.choice(("min", "max"))
            body[f"{stem}_{end}"] = rng.choice((*words.EMPLOYEES, *words.YEARS, 0, 1_000_000_000)) or 0
        elif shape < 0.9:
            body[PRIMARY] = True
        else:
            stem, end = rng.choice(TIMES[kind]), rng.choice(("after", "before"))
            body[f"{stem}_{end}"] = random_time(rng, rng.choice(words.MOMENTS) + rng.choice((-1, 0, 0, 1)))
    if rng.random() < 0.1:
        _add_idle(rng, kind, body)
    if "has_personal_email" in body and rng.random() < 0.3:
        body["has_personal_emails"] = body.pop("has_personal_email")
    items = list(body.items())
    rng.shuffle(items)
    return dict(items)


def add_paging(rng: random.Random, body: dict[str, Any], records: int) -> dict[str, Any]:
    """The body with an order and a page: often the first, sometimes past the end."""
    paged = dict(body)
    if rng.random() < 0.5:
        paged["order"] = rng.choice(("oldest", "newest", None))
    if rng.random() < 0.8:
        paged["per_page"] = rng.choice((1, 2, 3, 7, 10, 25, 99, 100, rng.randint(1, 100)))
    if rng.random() < 0.4:
        per_page = paged.get("per_page") or 25
        paged["page"] = rng.choice((1, 2, 3, rng.randint(1, records // per_page + 2), 1_000_000_000))
    return paged


def _add_idle(rng: random.Random, kind: Kind, body: dict[str, Any]) -> None:
    body.setdefault(rng.choice(ARRAYS[kind]), rng.choice(([], None)))
    body.setdefault(f"exclude_{rng.choice(ARRAYS[kind])}", [])
    body.setdefault(rng.choice(("", "exclude_")) + rng.choice(FLAGS[kind]), rng.choice((False, None)))
    body.setdefault(f"{rng.choice(TIMES[kind])}_after", None)


def _values(rng: random.Random, kind: Kind, name: str, domains: list[str]) -> list[str]:
    count = rng.choice((1, 1, 1, 2, 3, 8)) if rng.random() < 0.98 else 60
    return [_value(rng, kind, name, domains) for _ in range(count)]


def _value(rng: random.Random, kind: Kind, name: str, domains: list[str]) -> str:
    if name == "domains":
        return random_domain(rng, domains)
    if name == "emails":
        address = f"{rng.choice(('jo', 'info'))}{rng.randrange(500)}@{rng.choice(('people', 'firm'))}.example"
        return rng.choice((address, address.upper(), f" {address} "))
    if rng.random() < 0.06:
        return rng.choice(words.UNKNOWN)
    if name == "job_title_words" and rng.random() < 0.5:
        return disguise(rng, rng.choice(words.ASKED_WORDS))
    if name in ("job_titles", "job_title_words"):
        return random_needle(rng)
    value = rng.choice(_VALUES[name] if name in _VALUES else _texts(kind, name))
    return value if name in ("locations", "contact_locations", "tlds") else disguise(rng, value)


def _texts(kind: Kind, name: str) -> tuple[str, ...]:
    """Values of a filter without a vocabulary, by the form of its record field."""
    fact = ROWS[kind][name].fact(kind)
    assert fact is not None
    form = declared_fields(Company if fact.owner == "company" else ContactBody)[fact.member].form
    return words.BY_FORM[form or "text"]


def random_needle(rng: random.Random) -> str:
    """A piece of a title, of any length from one character to more than the whole."""
    title = rng.choice(words.TITLES)
    if rng.random() < 0.15:
        title += rng.choice((" ", ", ", "  ", "/")) + rng.choice(words.TITLES)
    if rng.random() < 0.5:
        title = folded(title)
    if rng.random() < 0.75:
        start = rng.randrange(len(title))
        title = title[start : start + rng.choice((1, 1, 2, 2, 3, 4, 5, 8, 12, 30))]
    needle = disguise(rng, title)
    return needle if folded(needle) else rng.choice(words.TITLES)


def disguise(rng: random.Random, text: str) -> str:
    """The same text, mostly, in another case, width, normal form or spacing."""
    match rng.randrange(10):
        case 0:
            return text.upper()
        case 1:
            return text.lower()
        case 2:
            return text.swapcase()
        case 3:
            return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
        case 4:
            return unicodedata.normalize("NFD", text)
        case 5:
            return f" \t{text.replace(' ', '   ')}\u3000"
        case 6:
            return unicodedata.normalize("NFKC", text).casefold()
        case _:
            return text


def random_domain(rng: random.Random, domains: list[str]) -> str:
    """A domain of the world, or none of it, in one of the ways people write one."""
    domain = rng.choice(domains) if domains and rng.random() < 0.85 else f"nobody{rng.randrange(9)}.com"
    shown = domain
    if "xn--" in domain and rng.random() < 0.5:
        shown = ".".join(label.encode("ascii").decode("idna") for label in domain.split("."))
        assert ascii_name(shown) == domain
    forms = (
        "{}",
        "{}",
        "{}",
        "https://{}/about?x=1#y",
        "http://www.{}:8080",
        "www.{}",
        "jane.doe@{}",
        "a.b.{}",
        "{}.",
        " {} ",
    )
    text = rng.choice(forms).format(shown)
    return text.upper() if rng.random() < 0.2 and text.isascii() else text


def random_time(rng: random.Random, value: int) -> str:
    """The moment, to the millisecond or nearly, in one of the written forms."""
    value = min(max(value, -62_135_596_800_000), 253_402_300_799_999)
    moment = _EPOCH + timedelta(milliseconds=value)
    inside = datetime(2, 1, 1, tzinfo=UTC) < moment < datetime(9998, 1, 1, tzinfo=UTC)
    if inside and rng.random() < 0.25:
        moment = moment.astimezone(timezone(timedelta(minutes=rng.choice((330, -480, 60, -210, 14 * 60)))))
    text = moment.isoformat(timespec="milliseconds")
    form = rng.randrange(8)
    if form == 0:
        return text[:10]
    if form == 1:
        return text[:10].replace("-", "")
    if moment.tzinfo is UTC:
        text = text.removesuffix("+00:00") + rng.choice(("Z", "z", "", "+00:00"))
    if form == 2 and "." in text:
        head, _, rest = text.partition(".")
        return f"{head}.{rest[:3]}{rng.choice(('9', '999', '999999'))}{rest[3:]}"
    if form == 3:
        return text.replace("T", " ")
    return text
