"""The two kinds of record, Company and Contact, as they are stored, sent and exported. This module does no I/O.

A record's *document* is its JSON with all fields, in the order of the struct. A contact is stored as a `ContactBody`,
without its company. `join_company` inserts the company's document when the contact is sent. Timestamps are strings of
one format, `2026-01-31T09:30:00.000Z`, which sort chronologically.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

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
    """One location of a company. Unknown parts are null.

    `country` is the English name and `country_code` is ISO 3166-1 alpha-2. `continent` is the continent's English name.
    `text` is the original text, or the parts joined by ", ".
    """

    city: str | None = None
    region: str | None = None
    country: str | None = None
    country_code: str | None = None
    continent: str | None = None
    text: str | None = None


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """A company, identified by its registrable `domain` in lower-case ASCII. `id` equals `domain`."""

    id: str
    domain: str
    name: str | None = None
    website: str | None = None
    description: str | None = None
    tld: str | None = None
    locations: tuple[Place, ...] = ()
    functions: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    emails: tuple[Email, ...] = ()
    linkedin_url: str | None = None
    employees: int | None = None
    founded_year: int | None = None
    first_seen_at: str
    added_at: str
    updated_at: str


class ContactBody(msgspec.Struct, frozen=True, kw_only=True):
    """A contact as stored, without its company."""

    id: str
    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    job_title: str | None = None
    department: str | None = None
    seniority: str | None = None
    is_decision_maker: bool | None = None
    emails: tuple[Email, ...] = ()
    linkedin_url: str | None = None
    phone: str | None = None
    added_at: str
    updated_at: str


class Contact(ContactBody, frozen=True, kw_only=True):
    """A contact as sent. `company` is the complete company record and never null."""

    company: Company


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
            kept[name] = msgspec.Raw(cut_down(bytes(values[name]), dotted))
        else:
            kept[name] = values[name]
    return _encoder.encode(kept)


def join_company(contact_document: bytes, company_document: bytes) -> bytes:
    """Join the stored documents of a contact and its company to a Contact document, without decoding them."""
    return b'%s,"company":%s}' % (contact_document[:-1], company_document)
