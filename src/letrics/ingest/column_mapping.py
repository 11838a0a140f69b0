"""Mapping of a file's columns to record fields, made once for each file from its header and its first rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from letrics.ingest.address_columns import give_to_owners, number_columns
from letrics.ingest.aliases import ID_WITH_SOURCE, NAME, ONLY, aliases, header_key
from letrics.ingest.columns import COMPANY_SITES
from letrics.ingest.foreign_ids import are_foreign_ids
from letrics.ingest.mapped_column import MappedColumn
from letrics.ingest.nested_names import without_wrappers
from letrics.ingest.recognition import Recognised, column_named, mentions_company, recognise
from letrics.ingest.registry_numbers import is_registry_number
from letrics.ingest.rows import Members
from letrics.ingest.sniffing import Look, look_of, look_of_values
from letrics.ingest.social_links import is_social_column, linkedin_pages
from letrics.ingest.values import is_own_company_id
from letrics.normalize.person_name import is_salutation
from letrics.records import Kind

SAMPLE_ROWS: Final = 200
"""The number of rows whose values are looked at."""
_SAMPLES: Final = 3
"""The number of sample values of a column."""
_SAMPLE: Final = 80
"""The maximum length of a sample value, in characters."""
_MAX_NUMBER: Final = 10**20
"""The magnitude up to which numbers are looked at."""
_UNDECIDED: Final = 0.3
"""If the values of a column fit two fields in at least this share, the column is ambiguous."""
_CLEAR: Final = 3
"""Columns of a lower rank have their field for sure, and are preferred to those that are used only alone."""
_ALL: Final = 0.9
"""The share of a column of names that must be domains to make it a column of domains."""

_COMPANY_ID: Final[dict[Kind, str]] = {"companies": "id", "contacts": "company_id"}
"""The field of a company's id. Ids of other systems are not used."""


_NAMES: Final = frozenset({"name", "company_name", "full_name"})
"""The fields of whole names."""
_ANY_SITE: Final = frozenset({"site", "url", "web", "website", "websiteurl", "webpage", "homepage", "siteurl"})
"""The keys of names of sites of companies as well as of persons."""

Overrides = tuple[tuple[str, str | None, int], ...]
"""Columns whose field does not follow from their name alone, with the field and the rank."""


class ColumnMapping(msgspec.Struct, frozen=True):
    """The columns of a file and their fields. It can be sent between processes and to clients."""

    kind: Kind
    columns: tuple[MappedColumn, ...]

    @property
    def used(self) -> list[MappedColumn]:
        """The columns that set a field."""
        return [column for column in self.columns if column.field is not None]

    @property
    def used_names(self) -> list[str]:
        """The names of the columns that set a field."""
        return [column.name for column in self.used]

    @property
    def ignored(self) -> list[MappedColumn]:
        """The columns that are not used."""
        return [column for column in self.columns if column.field is None]

    @property
    def ambiguous(self) -> list[MappedColumn]:
        """The columns that the user has to decide."""
        return [column for column in self.columns if column.reason == "ambiguous"]

    def overrides(self) -> Overrides:
        """The columns whose field does not follow from their name alone. They change what a row means."""
        changed = []
        for column in self.columns:
            found = column_named(self.kind, column.name)
            known = recognise(self.kind, column.name)
            field = known.fields[0] if found is not None and known is not None else None
            if (field, found and found.rank) != (column.field, column.rank if column.field else None):
                changed.append((column.name, column.field, column.rank))
        return tuple(changed)


def make_mapping(
    kind: Kind,
    names: Sequence[str],
    rows: Iterable[Members] = (),
    given: Mapping[str, str | None] | None = None,
    with_source: bool = False,
) -> ColumnMapping:
    """Map the columns `names` of a file of `kind`. `rows` are its first rows.

    `given` has the fields that the user chose, by column; None ignores the column. `with_source` says that ids of other
    systems are used, since the name of the source makes them unique.
    """
    values = _values(names, rows)
    columns = [_map(kind, name, values[name], given or {}, with_source) for name in names]
    fields = Counter(column.field for column in columns)
    people = {
        text
        for column in columns
        if column.field == "full_name" and not _is_any_name(kind, column.name)
        for text in values[column.name].texts
    }
    columns = [_complete(kind, column, fields, values[column.name], people) for column in columns]
    if any("." in column.name and _is_site_of_company(column) for column in columns):
        columns = [_without_own_site(column) for column in columns]
    columns = number_columns(give_to_owners(columns) if kind == "contacts" else columns)
    ranks: dict[str | None, list[int]] = {}
    for column in columns:
        ranks.setdefault(column.field, []).append(column.rank)
    columns = [_without_rivals(column, ranks[column.field]) for column in columns]
    return ColumnMapping(kind, tuple(_with_samples(column, values[column.name]) for column in columns))


class _Values(msgspec.Struct):
    """The texts of a column, and whether it has objects."""

    texts: list[str]
    objects: bool = False


def _values(names: Sequence[str], rows: Iterable[Members]) -> dict[str, _Values]:
    values = {name: _Values([]) for name in names}
    for _, members in zip(range(SAMPLE_ROWS), rows, strict=False):
        for name, value in members.items():
            column = values.get(name)
            if column is not None:
                column.objects |= type(value) is dict
                column.texts += _texts(value)
    return values


def _texts(value: Any) -> list[str]:
    """The texts of a value, also of the items of a list. Python writes no numbers of thousands of digits."""
    items = value if type(value) is list else [value]
    known = [item for item in items if type(item) is str or (type(item) in (int, float) and abs(item) < _MAX_NUMBER)]
    return [text for item in known if (text := str(item).strip())]


def _map(kind: Kind, name: str, values: _Values, given: Mapping[str, str | None], with_source: bool) -> MappedColumn:
    """Map a column without looking at the others."""
    if name in given:
        return MappedColumn(name, given[name], "given")
    if name == "company" and kind == "contacts" and values.objects:
        return MappedColumn(name, "company", "object")
    alias = aliases(kind).get(header_key(without_wrappers(name)))
    if alias is not None and alias.fields == (ID_WITH_SOURCE,) and with_source:
        return MappedColumn(name, "id", "alias", alias.rank, alias.tools)
    found = recognise(kind, name)
    if found is None:
        return MappedColumn(name, None, "unknown")
    if not found.fields:
        return MappedColumn(name, None, "unused", tools=found.tools)
    if len(found.fields) == 1:
        return MappedColumn(name, found.fields[0], "alias" if found.rank else "name", found.rank, found.tools)
    return _decide(name, found, linkedin_pages(values.texts) if is_social_column(name) else values.texts)


_FIT: Final[dict[str, tuple[Look, ...]]] = {
    "website": ("urls", "domains"),
    "company_website": ("urls", "domains"),
    "domain": ("domains",),
    "company_domain": ("domains",),
    "company_linkedin_url": ("linkedin_companies",),
    "company_locations": (),
    "phone": ("phones",),
}
"""The looks of the values of each field that values can decide. `linkedin_url` depends on the kind."""


def _decide(name: str, found: Recognised, texts: list[str]) -> MappedColumn:
    """Choose among the fields that a header can mean by the values of the column."""
    counts = Counter(look_of(text) for text in texts)
    of_contact = any(field.startswith("company_") for field in found.fields)
    profiles: tuple[Look, ...] = ("linkedin_profiles",) if of_contact else ("linkedin_companies",)
    fitting = {field: sum(counts[look] for look in _FIT.get(field, profiles)) for field in found.fields}
    best = max(fitting, key=lambda field: fitting[field])
    if sum(count >= _UNDECIDED * len(texts) and count > 0 for count in fitting.values()) > 1:
        return MappedColumn(name, None, "ambiguous", 0, found.tools, found.fields)
    return MappedColumn(name, best, "values" if fitting[best] else "alias", found.rank, found.tools)


def _is_any_name(kind: Kind, name: str) -> bool:
    """Return whether a header can be that of names of people or of companies."""
    alias = aliases(kind).get(header_key(without_wrappers(name)))
    return alias is not None and alias.fields == (NAME,)


def _complete(
    kind: Kind, column: MappedColumn, fields: Counter[str | None], values: _Values, people: Collection[str]
) -> MappedColumn:
    """Correct the field of a column that depends on the other columns. `people` are names in columns of full names.

    A column `Name` next to one of people, such as `Contact Name`, has the names of companies, unless another one has.
    """
    if column.reason in ("given", "object"):
        return column

    def has(field: str) -> bool:
        return fields[field] > (column.field == field)

    alias = aliases(kind).get(header_key(without_wrappers(column.name)))
    if _is_any_name(kind, column.name):
        first, last = has("first_name"), has("last_name")
        if people and not has("company_name") and 2 * sum(text in people for text in values.texts) < len(values.texts):
            return msgspec.structs.replace(column, field="company_name", reason="other_columns")
        if first != last:
            return msgspec.structs.replace(column, field="last_name" if first else "first_name", reason="other_columns")
    if column.field == "job_title" and _are_salutations(values.texts):
        return msgspec.structs.replace(column, field=None, rank=0, reason="unused")
    if column.field in ("website", "company_website") and column.rank == ONLY and _are_pages_of_one_site(values.texts):
        return msgspec.structs.replace(column, field=None, rank=0, reason="unused")
    if column.field == "id" and alias is not None and has("id"):
        return msgspec.structs.replace(column, field=None, rank=0, reason="only")
    if column.field == _COMPANY_ID[kind] and not any(is_own_company_id(text) for text in values.texts):
        return msgspec.structs.replace(column, field=None, rank=0, reason="unused")
    if column.field in _NAMES and are_foreign_ids(values.texts):
        return msgspec.structs.replace(column, field=None, rank=0, reason="unused")
    if column.field in ("name", "company_name") and len(values.texts) >= _SAMPLES:
        prefix = column.field.removesuffix("name")
        domains = sum(look_of(text) == "domains" for text in values.texts)
        if domains >= _ALL * len(values.texts) and not has(f"{prefix}domain") and not has(f"{prefix}website"):
            return msgspec.structs.replace(column, field=f"{prefix}domain", reason="values")
    return column


def _are_salutations(texts: Sequence[str]) -> bool:
    """Return whether the values of a column such as `Title` are `Dr.`, `Mr` and the like instead of job titles."""
    return bool(texts) and sum(map(is_salutation, texts)) >= _ALL * len(texts)


def _is_site_of_company(column: MappedColumn) -> bool:
    return column.field in COMPANY_SITES and mentions_company(column.name)


def _without_own_site(column: MappedColumn) -> MappedColumn:
    """Leave out a site that can be the person’s own, next to an object with the site of the company."""
    name = header_key(without_wrappers(column.name))
    if column.field not in COMPANY_SITES or column.reason == "given" or name not in _ANY_SITE:
        return column
    return msgspec.structs.replace(column, field=None, rank=0, reason="only")


def _are_pages_of_one_site(texts: Sequence[str]) -> bool:
    """Return whether a column such as `Link` has pages of one site about many companies, such as a list of jobs."""
    if len(set(texts)) < _SAMPLES:
        return False
    sites = Counter(_site(text) for text in set(texts))
    return sites.most_common(1)[0][1] >= _ALL * len(set(texts))


def _site(url: str) -> str:
    """The host of a web address, without www."""
    return url.partition("://")[2].partition("/")[0].casefold().removeprefix("www.")


def _without_rivals(column: MappedColumn, ranks: list[int]) -> MappedColumn:
    """Leave out a column that is used only alone, if another one has its field. `ranks` are those of the field."""
    if column.field is None or column.rank != ONLY or column.reason == "given" or len(ranks) == 1:
        return column
    if min(ranks) < _CLEAR:
        return msgspec.structs.replace(column, field=None, rank=0, reason="only")
    return msgspec.structs.replace(column, rank=_CLEAR - 1)


def _with_samples(column: MappedColumn, values: _Values) -> MappedColumn:
    samples = tuple(dict.fromkeys(text[:_SAMPLE] for text in values.texts))[:_SAMPLES]
    looks_like = look_of_values(values.texts) if column.field is None else None
    if looks_like == "phones" and is_registry_number(column.name):
        looks_like = None
    return msgspec.structs.replace(column, samples=samples, looks_like=looks_like)
