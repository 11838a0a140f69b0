"""The field catalogue: one row per request field. It drives parsing, OpenAPI, docs, the explorer and the engine.

A *fact* is a searchable property of a record, derived from one field of the record. A *request field* filters by a
fact. Some request fields filter contacts by a fact of their company. To add a filter, add a row to CATALOGUE, with a
new fact if no row has that fact yet. Only a filter that normalises its values in a new way needs more code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeVar

from letrics.normalize.domain import registrable_domain, suffix_list_fingerprint, tld_key, tld_suffixes
from letrics.normalize.email import email_key, read_email
from letrics.normalize.place import gazetteer_fingerprint, place_keys, place_label, read_location
from letrics.normalize.text import UNICODE_VERSION, fold, fold_words
from letrics.records import Email, EmployeesRange, Kind

FactKind = Literal["values", "keys", "text", "flag", "time", "number"]
FieldKind = Literal[
    "equals", "all", "contains", "words", "place", "tld", "domain", "email", "flag", "modifier", "range", "number"
]  # fmt: skip
Item = TypeVar("Item")
Bound = Literal["after", "before", "min", "max"]
SCALARS: Final = ("flag", "modifier", "range", "number")
"""The kinds of field that take one value. All other kinds take an array of strings."""
Owner = Literal["contact", "company"]
MAX_NUMBER: Final = 1_000_000_000
"""The maximum value of a number field such as `employees_min`, and the end of a band without an upper bound."""


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """A searchable fact of one kind of record.

    It is derived from the record's field `member`, or from what `part` selects from that field. The type of that value
    depends on `kind`:

    - values: a sequence of items.
    - keys: a sequence of items whose strings are almost unique to one record (stored as hashes).
    - text: a string or None.
    - flag: a bool.
    - time: the timestamp as stored.
    - number: an integer or None.

    `texts` returns the strings of an item (default: the item is a string). `key` normalises such a string into the key
    used for comparison. `label` turns a key into a suggestion (default: the first string seen with that key).
    `facet_key` selects the keys that a facet counts (default: all).

    `later_of` makes it a derived fact: the later of a time of the contact and a time of its company. A derived fact has
    no column.

    `band` has the facts of the two ends of the band of a number. A record without the number matches a range that its
    band overlaps. `primary` is the fact that replaces this one under `primary_location_only`.

    The steps are separate functions so that each can process a whole column at once and cache its result per item:
    most items occur in thousands of records.
    """

    name: str
    owner: Owner
    kind: FactKind
    member: str
    part: Callable[[Any], Any] | None = None
    texts: Callable[[Any], Sequence[str]] | None = None
    key: Callable[[str], str] = fold
    label: Callable[[str], str | None] | None = None
    later_of: tuple[Fact, Fact] | None = None
    facet_key: Callable[[str], bool] | None = None
    band: tuple[Fact, Fact] | None = None
    primary: Fact | None = None

    @property
    def companions(self) -> tuple[Fact, ...]:
        """The facts that are searched together with this one, or instead of it."""
        return (*(self.band or ()), *_one(self.primary))

    @property
    def parts(self) -> tuple[Fact, ...]:
        """The facts that this fact is derived from, and its companions."""
        return (*(self.later_of or ()), *self.companions)

    def of(self, record: Any) -> Any:
        """The value of this fact in a record. For the kinds values and keys, the strings."""
        found = getattr(record, self.member)
        if self.part is not None:
            found = self.part(found)
        return found if self.texts is None else [text for item in found for text in self.texts(item)]


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One row of the catalogue: a request field, and the fact it filters by for each kind of record."""

    name: str
    kind: FieldKind
    help: str
    example: str | bool
    contacts: Fact | None
    companies: Fact | None
    aliases: tuple[str, ...] = ()
    max_values: int = 500
    bound: Bound | None = None

    def fact(self, kind: Kind) -> Fact | None:
        """The fact that this field filters by in searches of `kind`; None if those searches do not have the field."""
        return self.contacts if kind == "contacts" else self.companies

    @property
    def is_array(self) -> bool:
        return self.kind not in SCALARS

    @property
    def can_exclude(self) -> bool:
        """Whether it has a counterpart with the prefix `exclude_`."""
        return self.is_array or self.kind == "flag"

    @property
    def stem(self) -> str:
        """The common name of the two ends of a range (`added` for `added_after`); for other fields, the name."""
        return self.name.removesuffix(f"_{self.bound}") if self.bound else self.name


def _is_country(key: str) -> bool:
    return key.startswith("country:")


def _same(text: str) -> str:
    return text


def _one(value: Item | None) -> tuple[Item, ...]:
    return () if value is None else (value,)


def _first(items: tuple[Any, ...]) -> tuple[Any, ...]:
    return items[:1]


def _given(value: Any) -> bool:
    return value is not None


def _true(value: bool | None) -> bool:
    return value is True


def _generic(emails: tuple[Email, ...]) -> bool:
    for email in emails:  # noqa: SIM110 (runs for every company: `any` takes three times as long)
        if email.type == "generic":
            return True
    return False


def _personal(emails: tuple[Email, ...]) -> bool:
    for email in emails:  # noqa: SIM110 (the same)
        if email.type == "personal":
            return True
    return False


def _least(band: EmployeesRange | None) -> int | None:
    return None if band is None else band.min or 0


def _most(band: EmployeesRange | None) -> int | None:
    return None if band is None else MAX_NUMBER if band.max is None else band.max


def _address(email: Email) -> tuple[str]:
    return (email_key(email.value),)


def _company(
    name: str, kind: FactKind, member: str, part: Callable[[Any], Any] | None = None,
    texts: Callable[[Any], Sequence[str]] | None = None, key: Callable[[str], str] = fold,
) -> Fact:  # fmt: skip
    return Fact(f"company.{name}", "company", kind, member, part, texts, key)


def _locations(owner: Owner) -> Fact:
    """The fact of all locations of a record. The first location is another fact, its `primary`."""
    primary = Fact(
        f"{owner}.primary_location", owner, "values", "locations", _first, place_keys, _same, place_label,
        facet_key=_is_country,
    )  # fmt: skip
    return replace(primary, name=f"{owner}.locations", part=None, primary=primary)


def _contact(
    name: str, kind: FactKind, member: str, part: Callable[[Any], Any] | None = None, key: Callable[[str], str] = fold
) -> Fact:
    return Fact(f"contact.{name}", "contact", kind, member, part, key=key)


LOCATIONS: Final = _locations("company")
FUNCTIONS: Final = _company("functions", "values", "functions")
INDUSTRIES: Final = _company("industries", "values", "industries")
TLDS: Final = _company("tlds", "values", "tld", _one, tld_suffixes, _same)
TECHNOLOGIES: Final = _company("technologies", "values", "technologies")
DOMAIN: Final = _company("domain", "keys", "domain", _one, key=_same)
COMPANY_NAME: Final = _company("name", "text", "name", key=fold_words)
COMPANY_EMAIL: Final = _company("email", "keys", "emails", None, _address, _same)
EMPLOYEES_LEAST: Final = _company("employees_least", "number", "employees_range", _least)
EMPLOYEES_MOST: Final = _company("employees_most", "number", "employees_range", _most)
EMPLOYEES: Final = Fact("company.employees", "company", "number", "employees", band=(EMPLOYEES_LEAST, EMPLOYEES_MOST))
FOUNDED_YEAR: Final = _company("founded_year", "number", "founded_year")
COMPANY_LINKEDIN: Final = _company("has_linkedin", "flag", "linkedin_url", _given)
GENERIC_EMAIL: Final = _company("has_generic_email", "flag", "emails", _generic)
COMPANY_ADDED: Final = _company("added", "time", "added_at")
FIRST_SEEN: Final = _company("first_seen", "time", "first_seen_at")
COMPANY_UPDATED: Final = _company("updated", "time", "updated_at")

CONTACT_LOCATIONS: Final = _locations("contact")
JOB_TITLE: Final = _contact("job_title", "text", "job_title", key=fold_words)
FULL_NAME: Final = _contact("full_name", "text", "full_name", key=fold_words)
CONTACT_EMAIL: Final = Fact("contact.email", "contact", "keys", "emails", None, _address)
DEPARTMENT: Final = _contact("department", "values", "department", _one)
SENIORITY: Final = _contact("seniority", "values", "seniority", _one)
PERSONAL_EMAIL: Final = _contact("has_personal_email", "flag", "emails", _personal)
CONTACT_LINKEDIN: Final = _contact("has_linkedin", "flag", "linkedin_url", _given)
DECISION_MAKER: Final = _contact("is_decision_maker", "flag", "is_decision_maker", _true)
CONTACT_ADDED: Final = _contact("added", "time", "added_at")
CONTACT_OWN_UPDATED: Final = _contact("own_updated", "time", "updated_at")
CONTACT_UPDATED: Final = Fact(
    "contact.updated", "contact", "time", "updated_at", later_of=(CONTACT_OWN_UPDATED, COMPANY_UPDATED)
)


def _range(stem: str, help: str, contacts: Fact | None, companies: Fact | None) -> tuple[Field, Field]:
    at = (
        "at or {} this time. The bound is inclusive, with millisecond precision; a date without a time stands for the "
        "whole UTC day"
    )
    return (
        Field(
            f"{stem}_after", "range", f"{help} {at.format('after')}.", "2026-01-31", contacts, companies, bound="after"
        ),
        Field(
            f"{stem}_before",
            "range",
            f"{help} {at.format('before')}.",
            "2026-12-31",
            contacts,
            companies,
            bound="before",
        ),
    )


def _numbers(stem: str, help: str, example: str, fact: Fact) -> tuple[Field, Field]:
    without = "Companies with no value do not match."
    if fact.band is not None:
        without = f"A company with only a size band matches if the band overlaps the range. {without}"
    return (
        Field(f"{stem}_min", "number", f"{help} at least this. {without}", example, fact, fact, bound="min"),
        Field(f"{stem}_max", "number", f"{help} at most this. {without}", example, fact, fact, bound="max"),
    )


def _flag(name: str, help: str, contacts: Fact | None, companies: Fact | None, *aliases: str) -> Field:
    return Field(name, "flag", help, True, contacts, companies, aliases)


CATALOGUE: Final[tuple[Field, ...]] = (
    Field(
        "job_titles",
        "contains",
        "The contact's job title contains one of these strings, ignoring case: manager matches Finance Manager.",
        "manager",
        JOB_TITLE,
        None,
    ),
    Field(
        "job_title_words",
        "words",
        "The contact's job title contains these whole words in this order: CTO does not match Director. Common "
        "abbreviations match their long form and the other way round, such as CTO and Chief Technology Officer.",
        "VP Sales",
        JOB_TITLE,
        None,
    ),
    Field("departments", "equals", "The contact's department is one of these.", "Engineering", DEPARTMENT, None),
    Field("seniorities", "equals", "The contact's seniority is one of these.", "Director", SENIORITY, None),
    _flag("has_personal_email", "Only contacts with a personal email.", PERSONAL_EMAIL, None, "has_personal_emails"),
    _flag("has_linkedin_profile", "Only records that have a LinkedIn profile.", CONTACT_LINKEDIN, COMPANY_LINKEDIN),
    _flag("is_decision_maker", "Only contacts marked as decision makers.", DECISION_MAKER, None),
    _flag(
        "company_has_generic_email", "Only contacts whose company has at least one generic email.", GENERIC_EMAIL, None
    ),
    _flag(
        "company_has_linkedin_profile", "Only contacts whose company has a LinkedIn profile.", COMPANY_LINKEDIN, None
    ),
    _flag("has_generic_email", "Only companies with at least one generic email.", None, GENERIC_EMAIL),
    *_range("added", "The company was added to the database", COMPANY_ADDED, COMPANY_ADDED),
    *_range("first_seen", "The company's activity was first detected", FIRST_SEEN, FIRST_SEEN),
    Field(
        "locations",
        "place",
        "The company has a location in one of these: a city, region, country, continent or group of countries. Write "
        "from specific to general, separated by commas.",
        "Berlin, Germany",
        LOCATIONS,
        LOCATIONS,
    ),
    Field(
        "contact_locations",
        "place",
        "The contact itself has a location in one of these, written like locations.",
        "Berlin, Germany",
        CONTACT_LOCATIONS,
        None,
    ),
    Field("functions", "equals", "The company has one of these functions.", "Manufacturer", FUNCTIONS, FUNCTIONS),
    Field("industries", "equals", "The company is in one of these industries.", "Software", INDUSTRIES, INDUSTRIES),
    Field(
        "tlds",
        "tld",
        "The company's domain ends in one of these; co.uk and uk both match example.co.uk.",
        "co.uk",
        TLDS,
        TLDS,
    ),
    Field("technologies", "equals", "The company uses at least one of these.", "React", TECHNOLOGIES, TECHNOLOGIES),
    Field(
        "domains",
        "domain",
        "The company has one of these domains; a URL, subdomain or email is reduced to its registrable domain.",
        "example.com",
        DOMAIN,
        DOMAIN,
        max_values=10_000,
    ),
    Field(
        "technologies_all",
        "all",
        "The company uses all of these; exclude_technologies_all omits companies that use all of them.",
        "React",
        TECHNOLOGIES,
        TECHNOLOGIES,
    ),
    Field(
        "company_names",
        "contains",
        "The company's name contains one of these strings, ignoring case.",
        "Acme",
        COMPANY_NAME,
        COMPANY_NAME,
    ),
    Field("full_names", "contains", "The contact's full name contains one of these strings.", "Doe", FULL_NAME, None),
    Field(
        "emails",
        "email",
        "The contact (or, in searches of companies, the company) has one of these email addresses.",
        "jane.doe@acme.example",
        CONTACT_EMAIL,
        COMPANY_EMAIL,
    ),
    *_numbers("employees", "The company's number of employees is", "50", EMPLOYEES),
    *_numbers("founded_year", "The company's founding year is", "2010", FOUNDED_YEAR),
    Field(
        "primary_location_only",
        "modifier",
        "When true, the location filters only consider the first location of a company or contact.",
        True,
        LOCATIONS.primary,
        LOCATIONS.primary,
    ),
    *_range("contact_added", "The contact itself was added", CONTACT_ADDED, None),
    *_range("updated", "The record (for a contact, it or its company) last changed", CONTACT_UPDATED, COMPANY_UPDATED),
    *_range("contact_updated", "The contact itself last changed", CONTACT_OWN_UPDATED, None),
)


def _facts(catalogue: Sequence[Field]) -> tuple[Fact, ...]:
    """The distinct facts of a catalogue, in its order. The parts of a fact come before it."""
    asked = (fact for field in catalogue for fact in (field.contacts, field.companies) if fact is not None)
    return tuple(dict.fromkeys(part for fact in asked for part in (*fact.parts, fact)))


FACTS: Final = _facts(CATALOGUE)
"""All facts that an index stores."""

MAX_VALUE_LENGTH: Final = 200
"""The maximum length of one value of an array field, in characters."""
MAX_PAGE: Final = 1_000_000_000
"""The maximum page number of a search."""
MAX_PER_PAGE: Final = 100
"""The maximum number of records in a page."""
DEFAULT_PER_PAGE: Final = 25
"""The number of records in a page when the request does not say."""


def fields_of(kind: Kind) -> tuple[Field, ...]:
    """The fields of searches of `kind`, in the catalogue's order."""
    return tuple(field for field in CATALOGUE if field.fact(kind) is not None)


def facet_fields(kind: Kind) -> tuple[Field, ...]:
    """The fields of searches of `kind` that support facet counts and value completion."""
    own = "contact" if kind == "contacts" else "company"
    facts = ((field, field.fact(kind)) for field in fields_of(kind) if field.is_array and field.kind != "all")
    return tuple(f for f, fact in facts if fact and (fact.kind == "values" or (fact.kind, fact.owner) == ("text", own)))


def facts_of(kind: Kind) -> tuple[Fact, ...]:
    """The distinct facts that searches of `kind` filter by, in the order of FACTS."""
    asked = [fact for field in fields_of(kind) if (fact := field.fact(kind)) is not None]
    searched = {id(one) for fact in asked for one in (fact, *fact.companions)}
    return tuple(fact for fact in FACTS if id(fact) in searched)


def warm_up() -> None:
    """Load the bundled lists (0.2 s), so that no request has to wait for them."""
    read_location("Berlin, Germany")
    tld_key("co.uk")
    read_email(f"info@{registrable_domain('www.example.com')}")


RULES_VERSION: Final = 7
"""Version of the code that turns stored values into index keys. A test compares it with a digest of that code."""


def fingerprint(facts: Sequence[Fact] = FACTS, rules: int = RULES_VERSION) -> str:
    """A hash of what a saved index depends on: its facts, the rules of its keys, the Unicode data of case folding, the
    suffix list and the gazetteer. An index saved with another fingerprint is rebuilt."""
    parts = sorted(f"{fact.name}:{fact.kind}:{[of.name for of in fact.parts]}" for fact in facts)
    parts += [f"rules:{rules}", UNICODE_VERSION, suffix_list_fingerprint(), gazetteer_fingerprint()]
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()
