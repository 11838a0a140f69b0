"""The two kinds of record, Company and Contact, as they are stored, sent and exported. This module does no I/O.

A record's *document* is its JSON with all fields, in the order of the struct. A contact is stored as a `ContactBody`,
without its company. `join_company` inserts the company's document when the contact is sent. Timestamps are strings of
one format, `2026-01-31T09:30:00.000Z`, which sort chronologically.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, Literal, get_args, get_type_hints

import msgspec

Kind = Literal["contacts", "companies"]
KINDS: Final[tuple[Kind, ...]] = ("contacts", "companies")
SINGULAR: Final[dict[Kind, str]] = {"contacts": "contact", "companies": "company"}
"""The singular noun of each kind."""


class Email(msgspec.Struct, frozen=True):
    """An email address. `personal` belongs to a person, `generic` is a role address such as info@."""

    value: str
    type: Literal["generic", "personal"]


class Place(msgspec.Struct, frozen=True):
    """One location of a company or a contact. Unknown parts are null.

    `country` is the English name and `country_code` is ISO 3166-1 alpha-2. `continent` is the continent's English name.
    `text` is the original text, or the parts joined by ", ".
    """

    city: str | None = None
    region: str | None = None
    country: str | None = None
    country_code: str | None = None
    continent: str | None = None
    text: str | None = None


class EmployeesRange(msgspec.Struct, frozen=True):
    """A size band: the number of employees is from `min` to `max`. One of the two may be null, which means no bound."""

    min: int | None = None
    max: int | None = None


Form = Literal[
    "text", "long_text", "website", "linkedin", "flag", "count", "band", "year", "time", "texts", "emails", "places",
    "derived",
]  # fmt: skip
"""The form of a record field's values in import files."""


@dataclass(frozen=True, slots=True)
class RecordField:
    """What a record field declares besides its type: its `meaning` for the reference, and the `form` of its import
    column. A field without a form has no column.

    The patches, the import and export columns and the reference are derived from these declarations. A field that is
    added later needs a default, because documents stored before lack it.
    """

    meaning: str
    form: Form | None = None


_ADDED_AT: Final = RecordField("When the record was added to the database.", "time")
_UPDATED_AT: Final = RecordField("When the record was last changed.", "time")
_LINKEDIN_URL: Final = RecordField("The URL of the LinkedIn profile.", "linkedin")


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """A company, identified by its registrable `domain` in lower-case ASCII, else by its LinkedIn page or its name."""

    id: Annotated[str, RecordField("The domain, or an id such as co_0123456789ab if the domain is unknown.", "text")]
    domain: Annotated[
        str | None,
        RecordField("The registrable domain in lower-case ASCII. It identifies the company. null if unknown.", "text"),
    ]
    name: Annotated[str | None, RecordField("The company's name.", "text")] = None
    website: Annotated[str | None, RecordField("The URL of its website.", "website")] = None
    description: Annotated[str | None, RecordField("Short description of the company.", "long_text")] = None
    tld: Annotated[str | None, RecordField("The full top-level domain, such as co.uk.")] = None
    locations: Annotated[tuple[Place, ...], RecordField("Locations of the company, head office first.", "places")] = ()
    functions: Annotated[tuple[str, ...], RecordField("Business functions, such as Manufacturer.", "texts")] = ()
    industries: Annotated[tuple[str, ...], RecordField("Industries of the company.", "texts")] = ()
    technologies: Annotated[tuple[str, ...], RecordField("Technologies that the company uses.", "texts")] = ()
    emails: Annotated[tuple[Email, ...], RecordField("Email addresses of the company.", "emails")] = ()
    linkedin_url: Annotated[str | None, _LINKEDIN_URL] = None
    employees: Annotated[int | None, RecordField("Number of employees.", "count")] = None
    employees_range: Annotated[
        EmployeesRange | None,
        RecordField("Size band of the company, such as 11 to 50 employees. null if unknown.", "band"),
    ] = None
    founded_year: Annotated[int | None, RecordField("Year of foundation.", "year")] = None
    first_seen_at: Annotated[str, RecordField("When activity of the company was first detected.", "time")]
    added_at: Annotated[str, _ADDED_AT]
    updated_at: Annotated[str, _UPDATED_AT]


class ContactBody(msgspec.Struct, frozen=True, kw_only=True):
    """A contact as stored, without its company."""

    id: Annotated[
        str,
        RecordField("The id from the import, or a generated id. An id that an import assigned never changes."),
    ]
    first_name: Annotated[str | None, RecordField("Given name.", "text")] = None
    last_name: Annotated[str | None, RecordField("Family name.", "text")] = None
    full_name: Annotated[str | None, RecordField("Full name.", "text")] = None
    job_title: Annotated[str | None, RecordField("Job title, as imported.", "text")] = None
    department: Annotated[str | None, RecordField("Department, such as Engineering.", "text")] = None
    seniority: Annotated[str | None, RecordField("Seniority, such as Director.", "text")] = None
    is_decision_maker: Annotated[
        bool | None,
        RecordField("Whether the contact is marked as a decision maker. null if unknown.", "flag"),
    ] = None
    emails: Annotated[tuple[Email, ...], RecordField("Email addresses of the contact.", "emails")] = ()
    linkedin_url: Annotated[str | None, _LINKEDIN_URL] = None
    phone: Annotated[str | None, RecordField("Phone number, as imported.", "text")] = None
    locations: Annotated[tuple[Place, ...], RecordField("Locations of the contact, primary first.", "places")] = ()
    derived: Annotated[
        tuple[str, ...],
        RecordField("Names of the fields whose values were derived from the job title, not imported.", "derived"),
    ] = ()
    added_at: Annotated[str, _ADDED_AT]
    updated_at: Annotated[str, _UPDATED_AT]


class Contact(ContactBody, frozen=True, kw_only=True):
    """A contact as sent. `company` is the complete company record, or null if the company is unknown."""

    company: Company | None


DERIVABLE: Final = ("department", "seniority", "is_decision_maker")
"""The fields of a contact that can be derived from its job title, in the order of the struct."""

UNREADABLE: Final = (msgspec.MsgspecError, UnicodeError, RecursionError)
"""The exceptions raised for a malformed document: truncated, with a value of a wrong type, or not UTF-8."""

MALFORMED: Final = (*UNREADABLE, ValueError, TypeError, LookupError, ArithmeticError, AttributeError)
"""What decoding a malformed document, or deriving values from it, may raise."""

_company_decoder: Final = msgspec.json.Decoder(Company)
_contact_decoder: Final = msgspec.json.Decoder(ContactBody)
_encoder: Final = msgspec.json.Encoder()
_raw_decoder: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])


def encode(record: Company | ContactBody) -> bytes:
    """Encode a record as its document."""
    return _encoder.encode(record)


def decode_company(document: bytes) -> Company:
    """Decode a company. Raises one of UNREADABLE."""
    return _company_decoder.decode(document)


def decode_contact(document: bytes) -> ContactBody:
    """Decode a contact without its company. Raises one of UNREADABLE."""
    return _contact_decoder.decode(document)


def can_be_decoded(document: bytes, decode: Callable[[bytes], object]) -> bool:
    """Whether a document can be decoded by one of the functions above."""
    try:
        decode(document)
    except UNREADABLE:
        return False
    return True


def complete_company(document: bytes) -> bytes:
    """Add the fields that were introduced after 0.1.0 to a company's document that was stored before.

    Such documents are completed when they are read, not rewritten by an upgrade: that would take minutes and twice the
    space for millions of records. The check takes 0.2 µs. It is exact, because quotes in JSON strings are escaped.
    """
    if document.rfind(b',"employees_range":') > 0:  # near the end of the document
        return document
    return document.replace(b',"founded_year":', b',"employees_range":null,"founded_year":', 1)


def complete_contact(document: bytes) -> bytes:
    """Add the fields that were introduced after 0.1.0 to the document of a contact without its company."""
    if document.rfind(b',"derived":') > 0:
        return document
    return document.replace(b',"added_at":', b',"locations":[],"derived":[],"added_at":', 1)


@cache
def types_of(record: type[msgspec.Struct]) -> dict[str, Any]:
    """The type of each field of a record, in the order of the struct."""
    hints = get_type_hints(record)
    return {name: hints[name] for name in record.__struct_fields__}


@cache
def declared_fields(record: type[Company | ContactBody]) -> dict[str, RecordField]:
    """The declaration of each field of a record, in the order of the struct. Raises TypeError for a field without."""
    hints = get_type_hints(record, include_extras=True)
    declared: dict[str, RecordField] = {}
    for name in record.__struct_fields__:
        extras = get_args(hints[name])[1:]
        if not extras or not isinstance(extras[0], RecordField):
            raise TypeError(f"the field {name} of {record.__name__} is declared without a RecordField")
        declared[name] = extras[0]
    return declared


def time_fields(record: type[Company | ContactBody]) -> tuple[str, ...]:
    """The fields of a record that are timestamps."""
    return tuple(name for name, declared in declared_fields(record).items() if declared.form == "time")


def member_names(kind: Kind) -> tuple[str, ...]:
    """The record fields that a request can select by `fields`. Those of a contact's company are dotted."""
    if kind == "companies":
        return Company.__struct_fields__
    return (*Contact.__struct_fields__, *(f"company.{name}" for name in Company.__struct_fields__))


def cut_down(document: bytes, members: Sequence[str]) -> bytes:
    """Reduce a document to the fields `members`, in that order.

    `company.name` selects only the name of the company, and `company` selects the whole company. The company is placed
    at the first of its selected fields.
    """
    values = _raw_decoder.decode(document)
    kept: dict[str, object] = {}
    for member in members:
        name, dot, _ = member.partition(".")
        if name in kept or name not in values:
            continue
        if dot and name not in members:
            dotted = [other.removeprefix(f"{name}.") for other in members if other.startswith(f"{name}.")]
            whole = bytes(values[name])
            kept[name] = msgspec.Raw(whole if whole == b"null" else cut_down(whole, dotted))
        else:
            kept[name] = values[name]
    return _encoder.encode(kept)


def join_company(contact_document: bytes, company_document: bytes | None) -> bytes:
    """Join the stored documents of a contact and its company, if it has one, to a Contact document, without decoding
    them."""
    return b'%s,"company":%s}' % (contact_document[:-1], company_document or b"null")
