"""Corrections of the fields of columns that depend on the other columns of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Final

import msgspec

from letrics.ingest.aliases import NAME, ONLY, aliases, header_key
from letrics.ingest.column_values import ColumnValues
from letrics.ingest.columns import COMPANY_SITES, SITES
from letrics.ingest.foreign_ids import are_foreign_ids
from letrics.ingest.mapped_column import MappedColumn
from letrics.ingest.nested_names import without_value, without_wrappers
from letrics.ingest.recognition import mentions_company
from letrics.ingest.sniffing import look_of
from letrics.ingest.values import is_own_company_id
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
_SITE_FIELDS: Final = COMPANY_SITES | SITES
"""The fields with the site of a company."""
_ROLES: Final = frozenset({"user", "lead", "contact", "visitor", "guest"})
"""The roles of people in a tool, such as Intercom, which are no job titles."""
_ANY_SITE: Final = frozenset({"site", "url", "web", "website", "websiteurl", "webpage", "homepage", "siteurl"})
"""The keys of names of sites of companies as well as of persons."""


def is_any_name(kind: Kind, name: str) -> bool:
    """Return whether a header can be that of names of people or of companies."""
    name = without_wrappers(name)
    found = (aliases(kind).get(header_key(one)) for one in (name, without_value(name)))
    return any(alias is not None and alias.fields == (NAME,) for alias in found)


def correct_field(
    kind: Kind, column: MappedColumn, fields: Counter[str | None], values: ColumnValues, people: Collection[str]
) -> MappedColumn:
    """Correct the field of a column that depends on the other columns. `people` are names in columns of full names.

    A column `Name` next to one of people, such as `Contact Name`, has the names of companies, unless another one has.
    """
    if column.reason in ("given", "object"):
        return column

    def has(field: str) -> bool:
        return fields[field] > (column.field == field)

    alias = aliases(kind).get(header_key(without_wrappers(column.name)))
    if is_any_name(kind, column.name):
        first, last = has("first_name"), has("last_name")
        if people and not has("company_name") and 2 * sum(text in people for text in values.texts) < len(values.texts):
            return msgspec.structs.replace(column, field="company_name", reason="other_columns")
        if first != last:
            return msgspec.structs.replace(column, field="last_name" if first else "first_name", reason="other_columns")
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
