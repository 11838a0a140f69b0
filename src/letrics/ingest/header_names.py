"""Recognition of headers without dots: the record fields that a header can mean.

A header is one of our names in any spelling, a header of the alias table, or one of these with an addition: `Company
City`, `Person - City`, `City (Firma)`, `Phone (work)`, `Phone 2`, or `City (2)` for the second column of that name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

from letrics.ingest.address_names import qualified_part
from letrics.ingest.aliases import ID_WITH_SOURCE, NAME, ONLY, UNUSED, aliases, header_key
from letrics.ingest.columns import COLUMNS, DERIVED, LISTS
from letrics.ingest.flattened_names import numbered_key
from letrics.ingest.labelled_names import labelled_name
from letrics.ingest.location_parts import LOCATION_PARTS
from letrics.records import Kind

_OF_COMPANY: Final = (
    "company", "companies", "currentcompany", "organization", "organisation", "org", "account", "employer", "business",
    "corporate", "firma", "firmen", "unternehmens", "unternehmen", "entreprise", "societe", "empresa", "azienda",
    "bedrijfs", "bedrijf", "companydetails", "companyinfo", "companyinformation", "companydata", "accountdetails",
    "accountinfo", "accountinformation", "organizationdetails", "organizationinfo", "organizationinformation",
    "firmendaten", "unternehmensdaten", "datosdelaempresa", "datosdeempresa", "dadosdaempresa",
    "datiaziendali", "datiazienda", "bedrijfsgegevens", "donneesdelentreprise", "donneesdelasociete",
)  # fmt: skip
"""The additions before or after a header that concerns the company."""
_COMPANY_ENDINGS: Final = (
    "delentreprise", "delasociete", "delaempresa", "dellazienda", "aziendale", "daempresa", "vanhetbedrijf",
    "desunternehmens", "derfirma", "ofcompany", "ofthecompany", "fromcompany", "fromcompanies", "fromaccount",
    "fromorganization", *_OF_COMPANY,
)  # fmt: skip
"""The additions after a header that concerns the company. Longer ones come before their own endings."""
_OF_PERSON: Final = (
    "person", "people", "primarycontact", "contact", "prospect", "lead", "candidate", "attendee", "participant",
    "delegate", "registrant", "speaker", "member", "employee", "kontakt", "contacto", "contatto", "teilnehmer",
    "contato", "ansprechpartner", "ansprechpartnerin", "ansprechperson", "kontaktperson", "kontaktdaten",
    "contactdetails", "contactinfo", "contactinformation", "contactdata", "persondetails", "personinfo", "persona",
    "personne", "persoon", "interlocuteur", "interlocutrice", "personnedecontact", "personadecontacto",
    "pessoadecontato", "personadicontatto", "referente", "contactpersoon", "contactgegevens",
    "datosdecontacto", "datosdelcontacto",
)  # fmt: skip
"""The additions before a header that concerns the contact."""
_REPEATED: Final = re.compile(r"(.+)\(([0-9]{1,3})\)", re.DOTALL)
"""Matches the name of the second and of later columns with the same header."""
_ALTERNATIVES: Final = re.compile(r"(?:(?<!\s)\s++)?[/,+&]\s*|(?<!\s)\s++(?:or|and|und|et|y|e|en)\s+", re.IGNORECASE)
"""Matches what separates names in a header of several ones."""
_OF_PARTS: Final = 2
"""The rank of a column of names or locations whose header names their parts."""
_MAX_ALTERNATIVES: Final = 3
"""The maximum number of names in such a header."""
_SAME: Final = {"email": "emails", "company_email": "company_emails"}
"""The names of columns that are the same as another column."""
SEVERAL: Final = frozenset({"emails", "phone", "company_emails"})
"""The fields whose columns may be numbered."""
_PLAIN: Final = {NAME: "full_name", ID_WITH_SOURCE: UNUSED}
"""What fields that depend on the other columns or on the source mean without them."""


class Recognised(NamedTuple):
    """What a header can mean: the names of columns (keys of COLUMNS), of which the values decide if there are several.

    A lower `rank` is preferred if several columns have the same field. `tools` names the tools or languages that use
    the header. It is empty for our names. No `fields` means that the header is known, but the record has no such field.
    """

    fields: tuple[str, ...]
    rank: int = 0
    tools: tuple[str, ...] = ()


def recognise_header(kind: Kind, header: str) -> Recognised | None:
    """Return what a header means in a file of `kind`; None if it is unknown. A dot in it separates nothing."""
    key = header_key(header)
    if not key:
        return None
    found = recognise_key(kind, key) or _with_addition(kind, key)
    if found is not None:
        other = _of_alternatives(kind, header) if "/" in header and found.tools else None
        # `Job Title/Role` has the key of `job_title_role`.
        return found if other is None or other.rank == _OF_PARTS or other.fields == found.fields else other
    if (repeated := without_number(header)) is not None:
        return later(recognise_header(kind, repeated[0]), repeated[1])
    if (numbered := numbered_key(key)) is not None:
        name, number = numbered
        found = recognise_key(kind, name) or _with_addition(kind, name)
        fields = set() if found is None else set(found.fields)
        if fields and (fields <= SEVERAL or fields <= LISTS or number == 1):
            return later(found, number)
    return _of_alternatives(kind, header) or recognise_labelled(kind, header, recognise_header)


def recognise_labelled(
    kind: Kind, header: str, recognise: Callable[[Kind, str], Recognised | None]
) -> Recognised | None:
    """Recognise a header by what is before its remark, of which `recognise` finds the meaning."""
    labelled = labelled_name(header)
    found = recognise(kind, labelled.name) if labelled is not None else None
    if labelled is None or found is None or not all(map(labelled.fits, found.fields)):
        return None
    return later(found, labelled.later)


def without_number(header: str) -> tuple[str, int] | None:
    """Return the name of a repeated column and how many columns of the name precede it: `City (2)` is `City`, 1."""
    repeated = _REPEATED.fullmatch(header.strip())
    return None if repeated is None else (repeated[1].rstrip(), int(repeated[2]) - 1)


def recognise_key(kind: Kind, key: str) -> Recognised | None:
    """Return what the key of one of our names or of a header of the alias table means; None for any other key."""
    own = _own_names(kind).get(key)
    if own is not None:
        return Recognised((own,))
    if key in DERIVED and kind == "companies":
        return Recognised(())
    alias = aliases(kind).get(key)
    if alias is None:
        part = qualified_part(kind, key)
        return None if part is None else Recognised((part.field,), part.rank, ("English",))
    fields = tuple(_PLAIN.get(field, field) for field in alias.fields)
    return Recognised(tuple(field for field in fields if field in COLUMNS[kind]), alias.rank, alias.tools)


@cache
def _own_names(kind: Kind) -> dict[str, str]:
    """Our names by their keys."""
    return {header_key(name): _SAME.get(name, name) for name in COLUMNS[kind]}


def _of_alternatives(kind: Kind, header: str) -> Recognised | None:
    """Recognise a header of several names of one field, such as `Job Title/Role`, or of the parts of one name or
    location, such as `City, State`."""
    names = _ALTERNATIVES.split(header.strip())
    if not 1 < len(names) <= _MAX_ALTERNATIVES:
        return None
    meant = [recognise_header(kind, name) for name in names]
    first = meant[0]
    if first is None or not all(found and len(found.fields) == 1 for found in meant):
        return None
    fields = {found.fields[0] for found in meant if found is not None}
    if len(fields) == 1:
        return first
    if fields == {"first_name", "last_name"}:
        return Recognised(("full_name",), _OF_PARTS)
    prefix = "company_" if all(field.startswith("company_") for field in fields) else ""
    parts = {field.removeprefix(prefix) for field in fields}
    return Recognised((f"{prefix}locations",), _OF_PARTS) if parts.issubset(LOCATION_PARTS) else None


def _with_addition(kind: Kind, key: str) -> Recognised | None:
    """Recognise a header with an addition that says whether it concerns the company or the contact."""
    for addition in _OF_COMPANY:
        if key.startswith(addition) and (found := _of_company(kind, key.removeprefix(addition))):
            return found
    for addition in _COMPANY_ENDINGS:
        if key.endswith(addition) and (found := _of_company(kind, key.removesuffix(addition))):
            return found
    if kind == "contacts":
        for addition in _OF_PERSON:
            # Of `Contact 1 Name` and `Contact 2 Name`, only the first is used: a row has one contact.
            rest = key.removeprefix(addition)
            if rest != key and (found := recognise_key(kind, rest) or recognise_key(kind, rest.removeprefix("1"))):
                return found if found.fields != ("id",) else Recognised(())
    return None


def _of_company(kind: Kind, key: str) -> Recognised | None:
    found = recognise_key("companies", key) if key else None
    return found if found is None or kind == "companies" else of_company(found)


def of_company(found: Recognised) -> Recognised:
    """Return what a header of companies means for the company of a contact."""
    return found._replace(fields=tuple(f"company_{field}" for field in found.fields))


def later(found: Recognised | None, number: int) -> Recognised | None:
    """Rank the column after those of the same field without a number. Lists are joined instead."""
    if found is None or (found.fields and LISTS.issuperset(found.fields)):
        return found
    return found._replace(rank=min(ONLY - 1, found.rank + number) if found.rank < ONLY else ONLY)


def concerns_company(header: str) -> bool:
    """Return whether the words of a header say that it concerns a company, as `Company City` does."""
    key = header_key(header)
    return key.startswith(_OF_COMPANY) or key.endswith(_COMPANY_ENDINGS)


def is_person_word(name: str) -> bool:
    """Return whether a name means a person, as `member` does, even if it is no header of a person’s name."""
    return header_key(name) in _OF_PERSON


def mentions_person(header: str) -> bool:
    """Return whether a header says that it concerns a person, as `Person City` does."""
    return header_key(header).startswith(_OF_PERSON)
