"""Decodes stored documents: only the fields that facts are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Final

import msgspec

from letrics.fields import Owner
from letrics.records import Email, Place
from letrics.store.joined import Joined

_DOCUMENTS_PER_DECODE: Final = 256
"""Documents that are decoded at a time. They are still in the processor's cache when their values are collected, which
takes half the time of decoding thousands first."""


class _CompanyFacts(msgspec.Struct, gc=False):
    """The fields of a company that facts use. The decoder skips all others, which takes half the time."""

    domain: str
    name: str | None
    tld: str | None
    locations: tuple[Place, ...]
    functions: tuple[str, ...]
    industries: tuple[str, ...]
    technologies: tuple[str, ...]
    emails: tuple[Email, ...]
    linkedin_url: str | None
    employees: int | None
    founded_year: int | None
    first_seen_at: str
    added_at: str
    updated_at: str


class _ContactFacts(msgspec.Struct, gc=False):
    """The fields of a contact that facts use."""

    full_name: str | None
    job_title: str | None
    department: str | None
    seniority: str | None
    is_decision_maker: bool | None
    emails: tuple[Email, ...]
    linkedin_url: str | None
    added_at: str
    updated_at: str


_DECODERS: Final[dict[Owner, msgspec.json.Decoder[Any]]] = {
    "company": msgspec.json.Decoder(list[_CompanyFacts]),
    "contact": msgspec.json.Decoder(list[_ContactFacts]),
}
"""Decoder of a list of documents, by the kind of their record."""


def decode_members(owner: Owner, documents: Sequence[bytes], names: Iterable[str]) -> dict[str, list[Any]]:
    """The values of each of the named fields, document by document.

    Raises one of UNREADABLE, or ValueError, where a document is malformed.
    """
    members: dict[str, list[Any]] = {name: [] for name in names}
    taken = [(held, attrgetter(name)) for name, held in members.items()]
    decode = _DECODERS[owner].decode
    parts, sizes = _in_batches(documents)
    for part, size in zip(parts, sizes, strict=True):
        records = decode(b"[%s]" % part)
        if len(records) != size:
            raise ValueError("a document is not one JSON object")
        for held, getter in taken:
            held.extend(map(getter, records))
    return members


def _in_batches(documents: Sequence[bytes]) -> tuple[Sequence[bytes], Sequence[int]]:
    """Some documents each, joined by commas, and how many."""
    if isinstance(documents, Joined):
        return documents.parts, documents.sizes
    some = [documents[at : at + _DOCUMENTS_PER_DECODE] for at in range(0, len(documents), _DOCUMENTS_PER_DECODE)]
    return [b",".join(part) for part in some], [len(part) for part in some]
