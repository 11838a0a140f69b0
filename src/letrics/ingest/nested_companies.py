"""Objects of a row that describe different companies, such as the employer of a person and the account of a CRM."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from letrics.identity.company_keys import company_key
from letrics.ingest.recognition import recognise
from letrics.ingest.rows import Members
from letrics.normalize.shared_hosts import company_domain

_SITES: Final = frozenset({"domain", "website"})
"""The fields of a company with its domain."""


def contradicting_companies(prefix: str, fields: Members) -> frozenset[str]:
    """Return the keys of objects that describe another company than the first object that describes one.

    Two objects describe the same company if they have a domain in common, or a name if one of them has no domain.
    """
    if list(map(type, fields.values())).count(dict) < 2:  # the common case
        return frozenset()
    found = [name for name, value in fields.items() if type(value) is dict and _is_company(prefix + name)]
    known = [(name, *_identity(fields[name])) for name in found]
    known = [(name, domains, names) for name, domains, names in known if domains or names]
    if len(known) < 2:
        return frozenset()
    _, domains, names = known[0]
    return frozenset(
        name
        for name, other_domains, other_names in known[1:]
        if (domains.isdisjoint(other_domains) if domains and other_domains else names.isdisjoint(other_names))
    )


def _is_company(path: str) -> bool:
    found = recognise("contacts", path)
    return found is not None and found.fields == ("company_name",)


def _identity(company: Members) -> tuple[set[object], set[object]]:
    """The domains and the keys of the names of an object."""
    domains, names = set[object](), set[object]()
    for key, value in company.items():
        if type(value) is not str or (found := recognise("companies", key)) is None or not found.fields:
            continue
        if found.fields[0] == "name":
            names.add(company_key(value))
        elif found.fields[0] in _SITES:
            with suppress(ValueError):
                domains.add(company_domain(value))
    return domains - {None}, names - {None}
