"""Corrections of the fields of columns that depend on the other columns of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

import msgspec

from letrics.ingest.aliases import NAME, ONLY, aliases, header_key
from letrics.ingest.column_names import without_number
from letrics.ingest.column_values import ColumnValues
from letrics.ingest.columns import COMPANY_SITES, SITES
from letrics.ingest.foreign_ids import are_foreign_ids
from letrics.ingest.mapped_column import MappedColumn
from letrics.ingest.nested_names import without_value, without_wrappers
from letrics.ingest.people_in_rows import are_companies, can_be_same, name_words
from letrics.ingest.recognition import is_person, mentions_company
from letrics.ingest.sniffing import look_of
from letrics.ingest.values import is_own_company_id
from letrics.normalize.mailbox_roles import is_role
from letrics.normalize.person_name import is_salutation
from letrics.normalize.shared_hosts import company_domain
from letrics.records import Kind

_MIN_VALUES: Final = 3
"""The minimum number of values of a column from which they show what it is."""
_CLEAR: Final = 3
"""Columns of a lower rank have their field for sure, and are preferred to those that are used only alone."""
_ALL: Final = 0.9
"""The share of a column of names that must be domains to make it a column of domains."""
_COMPANY_ID: Final[dict[Kind, str]] = {"companies": "id", "contacts": "company_id"}
"""The field of a company's id. Ids of other systems are not used."""
_ID_FIELDS: Final = ("id", "company_id")
"""The fields that are ids."""
_NAME_FIELDS: Final = frozenset({"name", "company_name", "full_name", "last_name", "first_name"})
"""The fields that are names, which are no numbers: a number is the id of the record with the name."""
_PERSON_NAMES: Final = ("full_name", "first_name", "last_name")
"""The fields that are names of people."""
_OF_PERSON: Final = frozenset({"emails", "linkedin_url", "job_title"})
"""The fields of a person that show that a row describes one."""
_SITE_FIELDS: Final = COMPANY_SITES | SITES
"""The fields with the site of a company."""
_MAX_NAMES: Final = 100
"""The maximum number of names of a column that are compared. A list in a row can have any number."""
_MAX_KNOWN: Final = 200
"""The number of known names from which no more columns are added, since each is compared with each."""
_ROLES: Final = frozenset({"user", "lead", "contact", "visitor", "guest"})
"""The roles of people in a tool, such as Intercom, which are no job titles."""
_ANY_SITE: Final = frozenset({"site", "url", "web", "website", "websiteurl", "webpage", "homepage", "siteurl"})
"""The keys of names of sites of companies as well as of persons."""


def is_any_name(kind: Kind, name: str) -> bool:
    """Return whether a header can be that of names of people or of companies."""
    name = without_wrappers(name)
    found = (aliases(kind).get(header_key(one)) for one in (name, without_value(name)))
    return any(alias is not None and alias.fields == (NAME,) for alias in found)


class KnownNames(NamedTuple):
    """The words of names in columns that have those of people for sure: full names, and first or last names.

    `in_objects` is the number of rows with a name in the object of a person, such as `contact`, `in_rows` that of rows
    with a full name, and `others` that of rows with an address, a profile or a title of a person that is in no such
    object.
    """

    people: frozenset[frozenset[str]]
    parts: frozenset[frozenset[str]]
    in_objects: int
    in_rows: int
    others: int


def known_names(kind: Kind, columns: Sequence[MappedColumn], values: Mapping[str, ColumnValues]) -> KnownNames:
    """Return the names in the columns of a file that have those of people for sure."""
    people, parts = set[frozenset[str]](), set[frozenset[str]]()
    in_objects = in_rows = others = 0
    for column in columns:
        texts = values[column.name].texts
        is_in_object = is_person(without_wrappers(column.name).rpartition(".")[0])
        if not is_in_object and column.field in _OF_PERSON:
            others = max(others, sum(_is_personal(text) for text in texts))
        if column.field in ("first_name", "last_name"):
            parts.update(map(name_words, texts[:_MAX_NAMES] if len(parts) < _MAX_KNOWN else ()))
        elif column.field == "full_name" and not is_any_name(kind, column.name) and not are_companies(texts):
            people.update(map(name_words, texts[:_MAX_NAMES] if len(people) < _MAX_KNOWN else ()))
            in_rows = max(in_rows, len(texts))
            if is_in_object:
                in_objects = max(in_objects, len(texts))
    named, part_names = frozenset(people - {frozenset()}), frozenset(parts - {frozenset()})
    return KnownNames(named, part_names, in_objects, in_rows, others)


def _is_personal(text: str) -> bool:
    """Return whether a value is no address of a role such as info."""
    return "@" not in text or not is_role(text.partition("@")[0])


def _name_field(texts: Sequence[str], known: KnownNames, fields: Counter[str | None]) -> str | None:
    """Return the field of a column `Name` next to columns with names of people; None if it is not used.

    It has the names of companies if they are not those of the people, unless few rows have one and more rows describe
    a person otherwise: one row of many does not decide. It has none if the company has another column and
    the facts of the row are those of a `contact`. Next to first names it has last names, unless the first names are in
    them.
    """
    names = [name_words(text) for text in texts[:_MAX_NAMES]]
    of_people = sum(any(can_be_same(name, other) for other in known.people) for name in names if name)
    is_of_few = 2 * known.in_rows < len(names) <= 2 * known.others
    if known.people and 2 * of_people < len(names) and not is_of_few:
        if not fields["company_name"]:
            return "company_name"
        if 2 * known.in_objects >= len(texts):
            return None
    first, last = bool(fields["first_name"]), bool(fields["last_name"])
    if first != last and 2 * sum(any(part < name for part in known.parts) for name in names) <= len(names):
        return "last_name" if first else "first_name"
    return "full_name"


def correct_field(
    kind: Kind, column: MappedColumn, fields: Counter[str | None], values: ColumnValues, known: KnownNames
) -> MappedColumn:
    """Correct the field of a column that depends on the other columns, whose names of people are `known`."""
    if column.reason in ("given", "object"):
        return column

    def has(field: str) -> bool:
        return fields[field] > (column.field == field)

    alias = aliases(kind).get(header_key(without_wrappers(column.name)))
    if (
        column.field == "full_name"
        and is_any_name(kind, without_number(column.name))
        and any(map(has, _PERSON_NAMES))
        and not fields["company_name"]
        and are_companies(values.texts)
    ):
        return msgspec.structs.replace(column, field="company_name", reason="other_columns")
    if is_any_name(kind, column.name):
        field = _name_field(values.texts, known, fields - Counter([column.field]))
        if field is None:
            return msgspec.structs.replace(column, field=None, rank=0, reason="unused")
        if field != "full_name":
            return msgspec.structs.replace(column, field=field, reason="other_columns")
    is_name = column.field in _NAME_FIELDS
    if column.field not in (None, *_ID_FIELDS) and are_foreign_ids(values.texts, with_numbers=is_name):
        return msgspec.structs.replace(column, field=None, rank=0, reason="unused")
    if is_name and values.are_numbers():
        return msgspec.structs.replace(column, field=None, rank=0, reason="unused")
    if column.field == "job_title" and _are_no_titles(values.texts):
        return msgspec.structs.replace(column, field=None, rank=0, reason="unused")
    if column.field in ("website", "company_website") and column.rank == ONLY and _are_pages_of_one_site(values.texts):
        return msgspec.structs.replace(column, field=None, rank=0, reason="unused")
    if column.field in _SITE_FIELDS and values.texts and all(map(_is_path, values.texts)):
        return msgspec.structs.replace(column, field=None, rank=0, reason="unused")
    if column.field == "id" and alias is not None and has("id"):
        return msgspec.structs.replace(column, field=None, rank=0, reason="only")
    if column.field == _COMPANY_ID[kind] and not any(is_own_company_id(text) for text in values.texts):
        return msgspec.structs.replace(column, field=None, rank=0, reason="unused")
    if column.field in ("name", "company_name") and len(values.texts) >= _MIN_VALUES:
        prefix = column.field.removesuffix("name")
        domains = sum(look_of(text) == "domains" for text in values.texts)
        if domains >= _ALL * len(values.texts) and not has(f"{prefix}domain") and not has(f"{prefix}website"):
            return msgspec.structs.replace(column, field=f"{prefix}domain", reason="values")
    return column


def _is_path(text: str) -> bool:
    """Return whether a text is a path without a host, such as that of a record in the API that the file is from."""
    return text.startswith("/") and not text.startswith("//")


def _are_no_titles(texts: Sequence[str]) -> bool:
    """Return whether the values of a column such as `Title` or `role` are `Dr.` or kinds of records, no job titles."""
    return bool(texts) and sum(is_salutation(text) or text.casefold() in _ROLES for text in texts) >= _ALL * len(texts)


def is_site_of_company(column: MappedColumn) -> bool:
    return column.field in COMPANY_SITES and mentions_company(column.name)


def without_own_site(column: MappedColumn) -> MappedColumn:
    """Leave out a site that can be the person’s own, next to an object with the site of the company."""
    name = header_key(without_wrappers(column.name))
    if column.field not in COMPANY_SITES or column.reason == "given" or name not in _ANY_SITE:
        return column
    return msgspec.structs.replace(column, field=None, rank=0, reason="only")


def _are_pages_of_one_site(texts: Sequence[str]) -> bool:
    """Return whether a column such as `Link` has pages of one site about many companies, such as a list of jobs.

    Fewer pages than that show it if the site is known as one of many companies.
    """
    if len(set(texts)) < _MIN_VALUES:
        return bool(texts) and len(set(map(_site, texts))) == 1 and _is_shared(texts[0])
    sites = Counter(_site(text) for text in set(texts))
    return sites.most_common(1)[0][1] >= _ALL * len(set(texts))


def _is_shared(url: str) -> bool:
    with suppress(ValueError):
        return company_domain(url) is None
    return False


def _site(url: str) -> str:
    """The host of a web address, without www."""
    return url.partition("://")[2].partition("/")[0].casefold().removeprefix("www.")


def without_rivals(column: MappedColumn, ranks: list[int]) -> MappedColumn:
    """Leave out a column that is used only alone, if another one has its field. `ranks` are those of the field."""
    if column.field is None or column.rank != ONLY or column.reason == "given" or len(ranks) == 1:
        return column
    if min(ranks) < _CLEAR:
        return msgspec.structs.replace(column, field=None, rank=0, reason="only")
    return msgspec.structs.replace(column, rank=_CLEAR - 1)
