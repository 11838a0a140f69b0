"""Recognition of columns by their names: the record fields that a header can mean.

A header is one of our names in any spelling, a header of the alias table, or one of these with an addition: `Company
City`, `Person - City`, `City (Firma)`, `Phone 2`, or `City (2)` for the second column of that name.

The column of a field in an object of JSON has a dotted name. An object under a name that means a company, a person, a
job or a location is one: `organization.name` is the name of the company. One under a name that means nothing, such as
`properties`, is not noticed.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final, NamedTuple

from letrics.ingest.address_names import qualified_part
from letrics.ingest.addresses import PER_ADDRESS, numbered
from letrics.ingest.aliases import ID_WITH_SOURCE, MAX_HEADER, NAME, ONLY, UNUSED, aliases, header_key
from letrics.ingest.columns import COLUMNS, DERIVED, ImportColumn
from letrics.ingest.flattened_names import flattened_name
from letrics.ingest.labelled_names import labelled_name
from letrics.ingest.location_parts import LOCATION_PARTS
from letrics.ingest.nested_names import is_job_name, value_names, without_wrappers
from letrics.records import Kind

_OF_COMPANY: Final = (
    "company", "companies", "currentcompany", "organization", "organisation", "org", "account", "employer", "business",
    "corporate", "firma", "firmen", "unternehmens", "unternehmen", "entreprise", "societe", "empresa", "azienda",
    "bedrijfs", "bedrijf",
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
)  # fmt: skip
"""The additions before a header that concerns the contact."""
_REPEATED: Final = re.compile(r"(.+)\(([0-9]{1,3})\)", re.DOTALL)
"""Matches the name of the second and of later columns with the same header."""
_NUMBERED: Final = re.compile(r"(.*[^0-9])([0-9]{1,2})")
"""Matches the key of a header with a number at its end."""
_ALTERNATIVES: Final = re.compile(r"(?:(?<!\s)\s++)?[/,+&]\s*|(?<!\s)\s++(?:or|and|und|et|y|e|en)\s+", re.IGNORECASE)
"""Matches what separates names in a header of several ones."""
_OF_PARTS: Final = 2
"""The rank of a column of names or locations whose header names their parts."""
_MAX_ALTERNATIVES: Final = 3
"""The maximum number of names in such a header."""
_SAME: Final = {"email": "emails", "company_email": "company_emails"}
"""The names of columns that are the same as another column."""
_SEVERAL: Final = frozenset({"emails", "phone", "company_emails"})
"""The fields whose columns may be numbered."""


_CERTAIN: Final = 2
"""The rank of columns whose object shows what they mean."""
_MAX_LEVELS: Final = 8
"""The maximum number of dots in the name of a field in objects."""
_TITLES: Final = ("title", "jobtitle", "position", "role")
"""The keys in the object of a person’s company that have the person’s title."""
_OF_JOB: Final = frozenset({"job_title", "department", "seniority"})
"""The fields of a contact that a job has."""
_PLACES: Final = frozenset({"locations", "address"})
"""The fields whose objects are locations."""


class Recognised(NamedTuple):
    """What a header can mean: the names of columns (keys of COLUMNS), of which the values decide if there are several.

    A lower `rank` is preferred if several columns have the same field. `tools` names the tools or languages that use
    the header. It is empty for our names. No `fields` means that the header is known, but the record has no such field.
    """

    fields: tuple[str, ...]
    rank: int = 0
    tools: tuple[str, ...] = ()


def recognise(kind: Kind, header: str) -> Recognised | None:
    """Return what a header means in a file of `kind`; None if it is unknown."""
    return _recognise(kind, header[:MAX_HEADER])


@lru_cache(maxsize=1_000)
def _recognise(kind: Kind, header: str) -> Recognised | None:
    # The cache is small, because the lines of a JSON file can have ever new names.
    header = without_wrappers(header)
    key = header_key(header)
    if not key:
        return None
    found = _by_key(kind, key) or _in_object(kind, header) or _with_addition(kind, key)
    if found is not None:
        other = _of_alternatives(kind, header) if "/" in header and found.tools else None
        # `Job Title/Role` has the key of `job_title_role`.
        return found if other is None or other.rank == _OF_PARTS or other.fields == found.fields else other
    repeated = _REPEATED.fullmatch(header.strip())
    if repeated:
        return _later(recognise(kind, repeated[1].rstrip()), int(repeated[2]) - 1)
    numbered = _NUMBERED.fullmatch(key)
    if numbered:
        found = _by_key(kind, numbered[1]) or _with_addition(kind, numbered[1])
        if found is not None and found.fields and (_SEVERAL.issuperset(found.fields) or int(numbered[2]) == 1):
            return _later(found, int(numbered[2]))
    return _of_alternatives(kind, header) or _flattened(kind, header) or _labelled(kind, header)


def _labelled(kind: Kind, header: str) -> Recognised | None:
    """Recognise a header by what is before its remark."""
    labelled = labelled_name(header)
    found = recognise(kind, labelled.name) if labelled is not None else None
    if labelled is None or found is None or not all(map(labelled.fits, found.fields)):
        return None
    return _later(found, labelled.later)


def _flattened(kind: Kind, header: str) -> Recognised | None:
    """Recognise the name of a column of flattened JSON. Of a list, the first value is used, and all addresses."""
    flat = flattened_name(header)
    found = recognise(kind, flat.name) if flat is not None else None
    if flat is None or found is None or flat.later_list is None:
        return found
    of_list = recognise(kind, flat.later_list)
    if of_list is not None and of_list.fields and _SEVERAL.issuperset(of_list.fields):
        return _later(found, flat.place)
    return Recognised(())


def _of_alternatives(kind: Kind, header: str) -> Recognised | None:
    """Recognise a header of several names of one field, such as `Job Title/Role`, or of the parts of one name or
    location, such as `City, State`."""
    names = _ALTERNATIVES.split(header.strip())
    if not 1 < len(names) <= _MAX_ALTERNATIVES:
        return None
    meant = [recognise(kind, name) for name in names]
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


def _in_object(kind: Kind, header: str) -> Recognised | None:
    """Recognise the dotted name of a field in an object by the meaning of the object."""
    first, _, rest = header.partition(".")
    if not rest or header.count(".") > _MAX_LEVELS or not header_key(first) or not header_key(rest):
        return None
    if is_job_name(first):
        found = _of_job(kind, rest)
        return found and found._replace(rank=ONLY - 1)
    parent = recognise(kind, first)
    if parent is None or not parent.fields:
        return None
    field = parent.fields[0]
    if field in ("company_name", "name"):
        if kind == "contacts" and header_key(rest) in _TITLES:
            return Recognised(("job_title",), _CERTAIN)
        found = recognise("companies", rest)
        if found is not None:
            return _certain(found if kind == "companies" else _prefixed(found))
    elif field == "full_name":
        found = recognise(kind, rest)
        if found is not None:
            return Recognised(()) if found.fields == ("id",) else found
    elif field == "job_title":
        found = _of_job(kind, rest)
        if found is not None:
            return found
    elif field.removeprefix("company_") in _PLACES:
        return _of_place(field, rest)
    return _value_of(parent, header_key(rest))


def _of_job(kind: Kind, rest: str) -> Recognised | None:
    """Recognise a field of a job: it is one of the contact’s title or of the company."""
    found = recognise(kind, rest) if kind == "contacts" else None
    if found is not None and all(field in _OF_JOB or field.startswith("company_") for field in found.fields):
        return _certain(found)
    return None


def _of_place(place: str, rest: str) -> Recognised | None:
    """Recognise a part of a location. It belongs to whom `place`, the field of the location, belongs."""
    is_company = place.startswith("company_")
    found = recognise("companies", rest)
    if found is not None and found.fields and found.fields[0] in LOCATION_PARTS:
        return _prefixed(found) if is_company else found
    return _value_of(Recognised(("company_locations" if is_company else "locations",), 2), header_key(rest))


def _value_of(parent: Recognised, key: str) -> Recognised | None:
    """Recognise the value itself in the object of a field."""
    names = value_names(parent.fields[0])
    return _later(parent, names.index(key)) if key in names else None


def _certain(found: Recognised) -> Recognised:
    """The object of a company or a job shows what `url` and `title` mean, which are uncertain elsewhere."""
    return found._replace(rank=_CERTAIN) if found.rank == ONLY else found


def _prefixed(found: Recognised) -> Recognised:
    return found._replace(fields=tuple(f"company_{field}" for field in found.fields))


def _later(found: Recognised | None, number: int) -> Recognised | None:
    """Rank the column after those of the same field without a number."""
    return found and found._replace(rank=min(ONLY - 1, found.rank + number) if found.rank < ONLY else ONLY)


@cache
def _own_names(kind: Kind) -> dict[str, str]:
    """Our names by their keys."""
    return {header_key(name): _SAME.get(name, name) for name in COLUMNS[kind]}


def _by_key(kind: Kind, key: str) -> Recognised | None:
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


_PLAIN: Final = {NAME: "full_name", ID_WITH_SOURCE: UNUSED}
"""What fields that depend on the other columns or on the source mean without them."""


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
            if rest != key and (found := _by_key(kind, rest) or _by_key(kind, rest.removeprefix("1"))):
                return found if found.fields != ("id",) else Recognised(())
    return None


def mentions_company(header: str) -> bool:
    """Return whether a header says that it concerns a company."""
    key = header_key(header)
    return key.startswith(_OF_COMPANY) or key.endswith(_COMPANY_ENDINGS) or _is_in_company(without_wrappers(header))


def _is_in_company(header: str) -> bool:
    """Return whether a dotted name is one of a field in the object of a company or a job."""
    flat = flattened_name(header)
    header = header if flat is None else flat.name
    for name in header.split(".")[:-1][:_MAX_LEVELS]:
        found = recognise("contacts", name)
        if is_job_name(name) or (found is not None and found.fields in (("company_name",), ("job_title",))):
            return True
    return False


def mentions_person(header: str) -> bool:
    """Return whether a header says that it concerns a person, as `Person City` does."""
    return header_key(header).startswith(_OF_PERSON)


def _of_company(kind: Kind, key: str) -> Recognised | None:
    found = _by_key("companies", key) if key else None
    return found if found is None or kind == "companies" else _prefixed(found)


def column_named(kind: Kind, name: str) -> ImportColumn | None:
    """Return the column that a header means without looking at its values; None if it is unknown or not used."""
    found = recognise(kind, name)
    return import_column(kind, found.fields[0], found.rank) if found is not None and found.fields else None


def import_column(kind: Kind, field: str, rank: int = 0) -> ImportColumn:
    """Return the column `field` of COLUMNS, with a rank. That of a part of an address has the number of the address."""
    column = COLUMNS[kind][field]
    number, rank = divmod(rank, PER_ADDRESS) if column.member in LOCATION_PARTS else (0, rank)
    return ImportColumn(numbered(column.member, number), column.read, column.of_company, rank)
