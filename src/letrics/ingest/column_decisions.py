"""The field of a column by its name and its own values, without looking at the other columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from letrics.ingest.aliases import ID_WITH_SOURCE, ONLY, aliases, header_key
from letrics.ingest.column_values import ColumnValues
from letrics.ingest.header_names import Recognised
from letrics.ingest.mapped_column import MappedColumn
from letrics.ingest.nested_names import is_links_column, without_wrappers
from letrics.ingest.recognition import recognise
from letrics.ingest.site_links import addresses_in
from letrics.ingest.sniffing import Look, look_of
from letrics.records import Kind

_UNDECIDED: Final = 0.3
"""If the values of a column fit two fields in at least this share, the column is ambiguous."""
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


def map_column(
    kind: Kind, name: str, values: ColumnValues, given: Mapping[str, str | None], with_source: bool
) -> MappedColumn:
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
    if is_links_column(name):
        return _decide_links(name, found, values.texts)
    if len(found.fields) == 1:
        return MappedColumn(name, found.fields[0], "alias" if found.rank else "name", found.rank, found.tools)
    return _decide(name, found, values.texts)


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


def _decide_links(name: str, found: Recognised, texts: list[str]) -> MappedColumn:
    """Choose the field of addresses on several sites. A site among them is that of a company, but not of a person."""
    looks = {look_of(address) for text in texts for address in addresses_in(text)}
    profiles: Look = "linkedin_profiles" if found.fields == ("linkedin_url",) else "linkedin_companies"
    for field in found.fields:
        if not looks.isdisjoint(_FIT.get(field, (profiles,))):
            return MappedColumn(name, field, "values", ONLY if field.endswith("website") else found.rank)
    return MappedColumn(name, None, "unused")
