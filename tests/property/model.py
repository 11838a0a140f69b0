"""The judge: search as the API reference words it, in plain Python, slow and plainly right.

It holds records in the order in which they entered and looks at every one of them for every request. It takes request
bodies, not parsed queries, and shares with the program only the record types, the gazetteer (which has separate
tests) and the rows of the field catalogue. Of a row it uses the names, the kind and the record field, but no function.
Filters with a special meaning are written out here; all others compare the values of the row's record field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from letrics.fields import Field, FieldKind, fields_of
from letrics.normalize.place import place_keys, read_location
from letrics.records import KINDS, Company, ContactBody, Email, Kind, Place
from tests.property import reading
from tests.property.reading import folded, milliseconds, searchable

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """A record the model holds. `num` is its place in the order of entry; of a company, `contact` is None. The company
    of a contact may be unknown."""

    num: int
    id: str
    company: Company | None
    contact: ContactBody | None = None

    def row(self, field: str) -> Field:
        """The row of a request field."""
        return ROWS["contacts" if self.contact else "companies"][field]

    def value(self, field: str) -> Any:
        """The value of the record field that a request field filters by."""
        fact = self.row(field).fact("contacts" if self.contact else "companies")
        assert fact is not None
        return getattr(self.contact if fact.owner == "contact" else self.company, fact.member, None)

    def texts(self, field: str) -> list[str]:
        """The texts of the record field that a request field filters by."""
        value = self.value(field)
        return [value] if isinstance(value, str) else list(value or ())


@dataclass(frozen=True, slots=True)
class Answer:
    """The expected result of a search. `nums` and `ids` are those of the page; `more` says if matches follow."""

    total: int
    nums: list[int]
    ids: list[str]
    more: bool
    unmatched: list[tuple[str, str]]
    warnings: list[str]
    filters: dict[str, Any]


class Refused(Exception):
    """The request is an error; `fields` are to blame."""

    def __init__(self, *fields: str) -> None:
        self.fields = set(fields)
        super().__init__(", ".join(fields))


ROWS: dict[Kind, dict[str, Field]] = {kind: {field.name: field for field in fields_of(kind)} for kind in KINDS}
"""The rows of the catalogue, by the name of the request field."""


def _stems(kind: Kind, wanted: FieldKind) -> tuple[str, ...]:
    return tuple(dict.fromkeys(field.stem for field in fields_of(kind) if field.kind == wanted))


ARRAYS: dict[Kind, tuple[str, ...]] = {
    kind: tuple(name for name, row in ROWS[kind].items() if row.is_array) for kind in KINDS
}
FLAGS: dict[Kind, tuple[str, ...]] = {kind: _stems(kind, "flag") for kind in KINDS}
TIMES: dict[Kind, tuple[str, ...]] = {kind: _stems(kind, "range") for kind in KINDS}
NUMBERS: dict[Kind, tuple[str, ...]] = {kind: _stems(kind, "number") for kind in KINDS}
UNKNOWN = Company(id="", domain="", first_seen_at="", added_at="", updated_at="")
"""Stands for the company of a contact whose company is unknown."""
OF_COMPANY = {name for name, row in ROWS["contacts"].items() if row.contacts and row.contacts.owner == "company"}
"""The request fields that judge a contact by its company."""
PRIMARY = "primary_location_only"
OLDER_SPELLINGS = {alias: name for kind in KINDS for name, row in ROWS[kind].items() for alias in row.aliases}


class Model:
    """Every record, and the number the next one of each kind will have."""

    def __init__(self) -> None:
        self.records: dict[Kind, dict[str, Held]] = {"contacts": {}, "companies": {}}
        self._entered: dict[Kind, int] = {"contacts": 0, "companies": 0}
        self._has_no_company = False

    def put_company(self, company: Company) -> None:
        held = self.records["companies"].get(company.id)
        if held and held.company == company:
            return
        self.records["companies"][company.id] = Held(held.num if held else self._next("companies"), company.id, company)
        for contact in self.records["contacts"].values():
            if contact.company and contact.company.id == company.id:
                changed = Held(contact.num, contact.id, company, contact.contact)
                self.records["contacts"][contact.id] = changed

    def put_contact(self, contact: ContactBody, domain: str | None) -> None:
        held = self.records["contacts"].get(contact.id)
        company = None if domain is None else self.records["companies"][domain].company
        num = held.num if held else self._next("contacts")
        self.records["contacts"][contact.id] = Held(num, contact.id, company, contact)

    def delete(self, kind: Kind, id: str) -> None:
        """A company goes with its contacts."""
        del self.records[kind][id]
        if kind == "companies":
            for held in [h for h in self.records["contacts"].values() if h.company and h.company.id == id]:
                del self.records["contacts"][held.id]

    def has_contacts(self, domain: str) -> bool:
        return any(held.company and held.company.id == domain for held in self.records["contacts"].values())

    def enter_no_company(self) -> None:
        """Take the num that stands for no company, if it is not taken yet."""
        if not self._has_no_company:
            self._has_no_company = True
            self._next("companies")

    def _next(self, kind: Kind) -> int:
        self._entered[kind] += 1
        return self._entered[kind] - 1

    def hits(self, kind: Kind, body: Body) -> list[Held]:
        """Every record that matches, oldest first."""
        asked = canonical(kind, body)
        primary = PRIMARY in asked
        found = [h for h in self.records[kind].values() if all(passes(h, n, v, primary) for n, v in asked.items())]
        return sorted(found, key=lambda held: held.num)

    def search(self, kind: Kind, body: Body, after: int | None = None) -> Answer:
        """The page of `body`; with `after` (a num), the page a cursor given after that record leads to."""
        asked = canonical(kind, body)
        hits = self.hits(kind, body)
        order = body.get("order") or "oldest"
        per_page = body.get("per_page") or 25
        if order == "newest":
            hits.reverse()
        if after is None:
            start = ((body.get("page") or 1) - 1) * per_page
            rest = hits[start:]
        else:
            rest = [held for held in hits if (held.num > after if order == "oldest" else held.num < after)]
        page = rest[:per_page]
        echo = dict(asked) | ({"order": order} if body.get("order") else {})
        return Answer(
            total=len(hits),
            nums=[held.num for held in page],
            ids=[held.id for held in page],
            more=len(rest) > per_page,
            unmatched=list(self._unmatched(kind, asked)),
            warnings=[name for name, value in body.items() if value is False] + _idle(asked),
            filters=echo,
        )

    def facet(self, kind: Kind, body: Body, field: str) -> dict[str, int]:
        """The number of matches, without the field's own filter, that have each value (folded)."""
        asked = {name: value for name, value in canonical(kind, body).items() if name != field}
        counts: dict[str, int] = {}
        for held in self.hits(kind, asked):
            compared = searchable if held.row(field).kind in ("contains", "words") else folded
            for value in {compared(text) for text in carried(held, field)}:
                counts[value] = counts.get(value, 0) + 1
        return counts

    def _unmatched(self, kind: Kind, asked: Body) -> Iterator[tuple[str, str]]:
        primary = PRIMARY in asked
        for name, values in asked.items():
            if isinstance(values, list):
                field = name.removeprefix("exclude_")
                for value in values:
                    if not any(hit(held, field, value, primary) for held in self.records[kind].values()):
                        yield name, value


def canonical(kind: Kind, body: Body) -> dict[str, Any]:
    """The filters of a request that restrict something: canonical names, trimmed values, times in UTC."""
    asked: dict[str, Any] = {}
    for given, value in body.items():
        name = OLDER_SPELLINGS.get(given, given)
        if name in ("order", "page", "per_page", "cursor") or value is None or value is False or value == []:
            continue
        if name.removeprefix("exclude_") in ARRAYS[kind]:
            if any(not text.strip() for text in value):
                raise Refused(given)
            asked[name] = [text.strip() for text in value]
        elif name.removeprefix("exclude_") in FLAGS[kind] or name == PRIMARY:
            asked[name] = True
        elif name.endswith(("_min", "_max")):
            asked[name] = value
        else:
            asked[name] = reading.written(milliseconds(value, name.endswith("_before")))
    for stem in TIMES[kind]:
        if asked.get(f"{stem}_after", "") > asked.get(f"{stem}_before", "~"):
            raise Refused(f"{stem}_after", f"{stem}_before")
    for stem in NUMBERS[kind]:
        if asked.get(f"{stem}_min", 0) > asked.get(f"{stem}_max", 10**9):
            raise Refused(f"{stem}_min", f"{stem}_max")
    return asked


def _idle(asked: Body) -> list[str]:
    """Members that restrict nothing for want of another."""
    places = {f"{prefix}{name}" for prefix in ("", "exclude_") for name in ("locations", "contact_locations")}
    return [PRIMARY] if PRIMARY in asked and not asked.keys() & places else []


def passes(held: Held, name: str, value: Any, primary: bool) -> bool:
    """Whether a record passes one field of a request (canonical)."""
    if name.startswith("exclude_"):
        return not passes(held, name.removeprefix("exclude_"), value, primary)
    if isinstance(value, list):
        hits = (hit(held, name, text, primary) for text in value)
        return all(hits) if held.row(name).kind == "all" else any(hits)
    if name == PRIMARY:
        return True
    if value is True:
        return flag(held, name)
    if name.endswith(("_min", "_max")):
        own = held.value(name)
        band = (held.company or UNKNOWN).employees_range
        if name.startswith("employees") and own is None and band is not None:
            own = band.max if name.endswith("_min") else band.min
            if own is None:  # the band has no bound on this side
                return True
        return own is not None and (own >= value if name.endswith("_min") else own <= value)
    own = moment(held, name)
    return own is not None and (own >= milliseconds(value) if name.endswith("_after") else own <= milliseconds(value))


def hit(held: Held, field: str, text: str, primary: bool) -> bool:
    """Whether one value of an array field matches a record; with `primary` only its first place counts."""
    contact, company = held.contact, held.company or UNKNOWN
    if company is UNKNOWN and field in OF_COMPANY:
        return False
    match field:
        case "job_titles" | "full_names" | "company_names":
            own = {"job_titles": contact and contact.job_title, "full_names": contact and contact.full_name,
                   "company_names": company.name}[field]  # fmt: skip
            return own is not None and searchable(text) in searchable(own)
        case "job_title_words":
            titled = reading.words(contact.job_title) if contact and contact.job_title else ()
            wanted = reading.spellings(reading.words(text))
            return any(titled[at : at + len(words)] == words for words in wanted for at in range(len(titled)) if words)
        case "departments" | "seniorities":
            own = getattr(contact, {"departments": "department", "seniorities": "seniority"}[field])
            return own is not None and folded(own) == folded(text)
        case "functions" | "industries" | "technologies" | "technologies_all":
            return any(folded(own) == folded(text) for own in getattr(company, field.removesuffix("_all")))
        case "emails":
            return any(folded(own.value) == folded(text) for own in (contact or company).emails)
        case "tlds":
            return company.domain is not None and reading.asked_suffix(text) in reading.suffix_ends(company.domain)
        case "domains":
            return reading.asked_domain(text) == company.domain
        case "locations" | "contact_locations":
            places = (company if field == "locations" else contact or company).locations
            places = places[:1] if primary else places
            return any(not place_names(place).isdisjoint(location_names(text)) for place in places)
    match held.row(field).kind:
        case "contains":
            return any(searchable(text) in searchable(own) for own in held.texts(field))
        case "equals" | "all":
            return any(folded(text) == folded(own) for own in held.texts(field))
    raise AssertionError(field)


def carried(held: Held, field: str) -> list[str]:
    """The values of a field that a record shows in a facet: of places, the countries of them all."""
    contact, company = held.contact, held.company or UNKNOWN
    if company is UNKNOWN and field in OF_COMPANY:
        return []
    match field:
        case "job_title_words":
            return carried(held, "job_titles")
        case "job_titles" | "full_names" | "departments" | "seniorities":
            member = {"seniorities": "seniority"}.get(field, field.removesuffix("s"))
            return [text for text in [getattr(contact, member)] if text]
        case "company_names":
            return [company.name] if company.name else []
        case "locations" | "contact_locations":
            places = (company if field == "locations" else contact or company).locations
            return [place.country for place in places if place.country]
        case "tlds":
            return list(reading.suffix_ends(company.domain)) if company.domain is not None else []
    return held.texts(field)


@lru_cache(maxsize=10_000)
def place_names(place: Place) -> frozenset[str]:
    return frozenset(place_keys(place))


@lru_cache(maxsize=10_000)
def location_names(text: str) -> frozenset[str]:
    return frozenset(read_location(text.strip()).keys)


def _holds(emails: tuple[Email, ...], wanted: str) -> bool:
    return any(email.type == wanted for email in emails)


_FLAG: dict[str, Callable[[Held], bool]] = {
    "has_personal_email": lambda h: _holds(h.contact.emails if h.contact else (), "personal"),
    "has_linkedin_profile": lambda h: (h.contact or h.company or UNKNOWN).linkedin_url is not None,
    "is_decision_maker": lambda h: h.contact is not None and h.contact.is_decision_maker is True,
    "company_has_generic_email": lambda h: _holds((h.company or UNKNOWN).emails, "generic"),
    "company_has_linkedin_profile": lambda h: (h.company or UNKNOWN).linkedin_url is not None,
    "has_generic_email": lambda h: _holds((h.company or UNKNOWN).emails, "generic"),
}


def flag(held: Held, name: str) -> bool:
    return _FLAG[name](held) if name in _FLAG else held.value(name) is True


def moment(held: Held, name: str) -> int | None:
    """The time a range asks for. A contact changes when it does or when its company does."""
    company = held.company
    match held.row(name).stem:
        case "added":
            return milliseconds(company.added_at) if company else None
        case "first_seen":
            return milliseconds(company.first_seen_at) if company else None
        case "contact_added":
            assert held.contact is not None
            return milliseconds(held.contact.added_at)
        case "contact_updated":
            assert held.contact is not None
            return milliseconds(held.contact.updated_at)
        case "updated":
            return max(milliseconds(record.updated_at) for record in (company, held.contact) if record)
    value = held.value(name)
    return None if value is None else milliseconds(value)
