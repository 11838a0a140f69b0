"""Recognition of columns by their names: the record fields that a header can mean.

The column of a field in an object of JSON has a dotted name. The object says whose field it is: one under a name that
means a company, a person, a job or a location is one, so `organization.name` is the name of the company, and
`business.email` is its address, although the header `Business Email` is that of a person. One under a name that means
nothing, such as `properties`, is not noticed. Only where the object says nothing, the dotted name can be a header:
`work.email` is `Work Email`.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from letrics.ingest.addresses import PER_ADDRESS, numbered
from letrics.ingest.aliases import MAX_HEADER, ONLY, alias_rows, header_key
from letrics.ingest.columns import COLUMNS, LISTS, ImportColumn
from letrics.ingest.flattened_names import flattened_name
from letrics.ingest.header_names import (
    SEVERAL,
    Recognised,
    concerns_company,
    is_person_word,
    later,
    of_company,
    recognise_header,
    recognise_key,
    recognise_labelled,
    without_number,
)
from letrics.ingest.location_parts import LOCATION_PARTS
from letrics.ingest.nested_names import (
    LINK_VALUES,
    is_company_object,
    is_in_related,
    is_job_name,
    is_own_name,
    is_related,
    is_user,
    value_names,
    without_links,
    without_wrappers,
)
from letrics.records import Kind

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
_IDENTITY: Final = frozenset(
    {"id", "name", "domain", "website", "linkedin_url", "emails", "full_name", "first_name", "last_name"}
)
"""The fields by which a record is found. Those of an office or of a company’s contact are not those of the record."""
_ADDRESSES: Final = frozenset({"linkedin_url", "website", "domain"})
"""The fields that links of a company have."""
_PAGES: Final = frozenset({"linkedin_url", "company_linkedin_url"})
"""The fields that links of a contact have. A site among them is the person’s own."""
_IDS: Final = frozenset({"id", "Id", "_id"})
"""The names of the id of an object, which is no value: `email.id` is not an `Email ID`."""
_OPTION: Final = "option"
"""The key of the chosen option in a value, which has the name of the option."""
_COMPANY_NAMES: Final = frozenset({"company_name", "name"})
"""The fields of headers that mean a company."""


def recognise(kind: Kind, header: str) -> Recognised | None:
    """Return what a header means in a file of `kind`; None if it is unknown."""
    return _recognise(kind, header[:MAX_HEADER])


@lru_cache(maxsize=1_000)
def _recognise(kind: Kind, header: str) -> Recognised | None:
    # The cache is small, because the lines of a JSON file can have ever new names.
    if (links := without_links(header)) is not None:
        return _of_links(kind, links)
    header = without_wrappers(header)
    is_dotted, key = _is_dotted(header), header_key(header)
    if is_dotted and key in _dotted_aliases(kind):
        return recognise_key(kind, key)
    found = None if is_dotted else recognise_header(kind, header)
    if found is not None or flattened_name(header) is not None:
        return found or _of_flattened(kind, header)
    if (repeated := without_number(header)) is not None:
        return later(recognise(kind, repeated[0]), repeated[1])
    found = _of_object(kind, header) if is_dotted and header.count(".") <= _MAX_LEVELS else None
    return found or recognise_labelled(kind, header, recognise)


def _of_flattened(kind: Kind, header: str) -> Recognised | None:
    """Recognise the name of a column of flattened JSON. Of a list, the first value is used, and of addresses and lists
    of texts all."""
    flat = flattened_name(header)
    found = recognise(kind, flat.name) if flat is not None else None
    if flat is None or found is None or flat.later_list is None:
        return found
    of_list = recognise(kind, flat.later_list)
    if of_list is not None and of_list.fields and SEVERAL.issuperset(of_list.fields):
        return later(found, flat.place or 0)
    is_text = of_list is not None and bool(of_list.fields) and set(found.fields) <= set(of_list.fields) <= LISTS
    return found if is_text else Recognised(())


def _of_links(kind: Kind, name: str) -> Recognised | None:
    """Recognise an address in links by the name of its site, or one of several without a name, of which the values
    decide. Other names in links, such as `name` and `site`, have the names of sites as their values."""
    if not name or header_key(name) in LINK_VALUES:
        return Recognised(("linkedin_url",) if kind == "contacts" else ("linkedin_url", "website"), ONLY - 1)
    found = recognise(kind, name)
    addresses = _ADDRESSES if kind == "companies" else _PAGES
    is_address = found is not None and addresses.issuperset(found.fields)
    return found if is_address and header_key(name) != "site" else None


def _is_dotted(header: str) -> bool:
    """Return whether a header is the name of a field in an object. `No. of Employees` is not."""
    first, dot, rest = header.partition(".")
    return bool(dot) and not rest[:1].isspace() and bool(header_key(first)) and bool(header_key(rest))


@cache
def _dotted_aliases(kind: Kind) -> frozenset[str]:
    """The keys of dotted names in the alias table, which are exceptions to the rules about objects."""
    return frozenset(header_key(row.header) for row in alias_rows() if kind in row.kinds and _is_dotted(row.header))


def _of_object(kind: Kind, header: str) -> Recognised | None:
    """Recognise the dotted name of a field in an object by the meaning of the object."""
    first, _, rest = header.partition(".")
    parent = recognise(kind, first)
    if is_company_object(first):
        parent = Recognised(("name" if kind == "companies" else "company_name",), 1)
    field = parent.fields[0] if parent is not None and parent.fields else ""
    if is_related(first) and not (kind == "contacts" and field == "company_name"):
        return None
    if parent is not None and field in _COMPANY_NAMES:
        return _of_company_object(kind, parent, header)
    exact = recognise_key(kind, header_key(header)) if rest not in _IDS else None
    if exact is not None:
        is_of_other = _without_prefix(field) in _PLACES or (kind == "companies" and is_person(first))
        return None if is_of_other and not _IDENTITY.isdisjoint(map(_without_prefix, exact.fields)) else exact
    found = None
    if is_job_name(first):
        found = _of_job(kind, rest)
        found = found and found._replace(rank=ONLY - 1)
    elif parent is not None and field:
        found = _of_parent(kind, parent, rest)
    elif is_own_name(first):
        found = _of_person(kind, rest)
    has_owner = (kind == "companies" and is_person(first)) or _is_in_company(rest) or is_in_related(rest)
    return recognise_header(kind, header) if found is None and not has_owner and rest not in _IDS else found


def _of_company_object(kind: Kind, parent: Recognised, header: str) -> Recognised | None:
    """Recognise a field in the object of a company. No other fields of a contact than its title are in one."""
    rest = header.partition(".")[2]
    if kind == "contacts" and header_key(rest) in _TITLES:
        return Recognised(("job_title",), _CERTAIN)
    if kind == "contacts" and header_key(rest) == "department":
        return Recognised(("department",), _CERTAIN)
    found = recognise("companies", rest)
    if found is not None:
        found = _certain(found if kind == "companies" else of_company(found))
        return found._replace(rank=max(found.rank, parent.rank)) if parent.rank == ONLY else found
    if (found := _value_of(parent, header_key(rest))) is not None:
        return found
    if kind != "contacts" or _is_in_other(rest) or _is_in_company(rest):
        return None
    found = recognise_header(kind, header)
    is_of_company = found is not None and all(field.startswith("company_") for field in found.fields)
    return found if is_of_company else None


def _of_parent(kind: Kind, parent: Recognised, rest: str) -> Recognised | None:
    """Recognise a field in the object of another field: of the contact, a title, a location or a value."""
    field = parent.fields[0]
    found = None
    if field == "full_name":
        found = recognise(kind, rest)
        if found is not None and found.fields == ("id",):
            return Recognised(())
    elif field == "job_title":
        found = _of_job(kind, rest)
    elif _without_prefix(field) in _PLACES:
        return _of_place(field, rest)
    return found or _value_of(parent, header_key(rest))


def _of_person(kind: Kind, rest: str) -> Recognised | None:
    """Recognise a field in an object of personal details. A company in it, and a site, are not those of the row."""
    found = recognise(kind, rest) if kind == "contacts" else None
    is_of_company = found is not None and any(field.startswith("company_") for field in found.fields)
    return None if found is None or is_of_company or found.fields == ("id",) else found


def _of_job(kind: Kind, rest: str) -> Recognised | None:
    """Recognise a field of a job: it is one of the contact’s title or of the company. A person or a client in a job is
    another one."""
    found = recognise(kind, rest) if kind == "contacts" and not _is_in_other(rest) else None
    fields = () if found is None else tuple(field for field in found.fields if field != "linkedin_url")
    if found is not None and all(field in _OF_JOB or field.startswith("company_") for field in fields):
        return _certain(found._replace(fields=fields))
    return None


def _of_place(place: str, rest: str) -> Recognised | None:
    """Recognise a part of a location. It belongs to whom `place`, the field of the location, belongs."""
    is_company = place.startswith("company_")
    found = recognise("companies", rest)
    if found is not None and found.fields and found.fields[0] in LOCATION_PARTS:
        return of_company(found) if is_company else found
    return _value_of(Recognised(("company_locations" if is_company else "locations",), 2), header_key(rest))


def _value_of(parent: Recognised, key: str) -> Recognised | None:
    """Recognise the value itself in the object of a field."""
    names = value_names(parent.fields[0])
    key = key.removeprefix(_OPTION)
    return later(parent, names.index(key)) if key in names else None


def _certain(found: Recognised) -> Recognised:
    """The object of a company or a job shows what `url` and `title` mean, which are uncertain elsewhere."""
    return found._replace(rank=_CERTAIN) if found.rank == ONLY else found


def _without_prefix(field: str) -> str:
    return field.removeprefix("company_")


def is_person(name: str) -> bool:
    """Return whether an object is a person by its name. `name` and `display_name` are parts of one."""
    found = recognise("contacts", name)
    return found is not None and found.fields == ("full_name",) and not header_key(name).endswith(("name", "names"))


def is_company(name: str) -> bool:
    """Return whether an object is a company by its name."""
    found = recognise("contacts", name)
    return (found is not None and found.fields == ("company_name",)) or is_company_object(without_wrappers(name))


def mentions_company(header: str) -> bool:
    """Return whether a header says that it concerns a company: by its words, or by the object that the field is in."""
    return concerns_company(header) or _is_in_company(without_wrappers(header))


def _is_in_company(header: str) -> bool:
    """Return whether a dotted name is one of a field in the object of a company or a job."""
    flat = flattened_name(header)
    header = header if flat is None else flat.name
    for name in header.split(".")[:-1][:_MAX_LEVELS]:
        found = recognise("contacts", name)
        if is_job_name(name) or is_company(name) or (found is not None and found.fields == ("job_title",)):
            return True
    return False


def _is_in_other(header: str) -> bool:
    """Return whether a dotted name in the object of a company or a job is one of a field of a person or of another
    company in it."""
    names = without_wrappers(header).split(".")[:-1][:_MAX_LEVELS]
    return is_in_related(header) or any(is_person(name) or is_person_word(name) or is_user(name) for name in names)


def column_named(kind: Kind, name: str) -> ImportColumn | None:
    """Return the column that a header means without looking at its values; None if it is unknown or not used."""
    found = recognise(kind, name)
    return import_column(kind, found.fields[0], found.rank) if found is not None and found.fields else None


def import_column(kind: Kind, field: str, rank: int = 0) -> ImportColumn:
    """Return the column `field` of COLUMNS, with a rank. That of a part of an address has the number of the address."""
    column = COLUMNS[kind][field]
    number, rank = divmod(rank, PER_ADDRESS) if column.member in LOCATION_PARTS else (0, rank)
    return ImportColumn(numbered(column.member, number), column.read, column.of_company, rank)
