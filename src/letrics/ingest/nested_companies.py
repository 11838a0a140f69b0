"""Objects of a row that describe different companies, such as the employer of a person and the account of a CRM."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

from letrics.ingest.aliases import ONLY
from letrics.ingest.columns import SITES
from letrics.ingest.nested_lists import current_job
from letrics.ingest.nested_names import is_job_name, without_wrappers
from letrics.ingest.recognition import is_company, mentions_company, recognise
from letrics.ingest.row_levels import Level
from letrics.ingest.rows import Members
from letrics.normalize.company_names import company_name_key
from letrics.normalize.shared_hosts import company_domain


def contradicting_companies(levels: Sequence[Level]) -> frozenset[str]:
    """Return the dotted names of objects that describe another company than that of the row with these levels.

    The company of the row is the object `company`, else that of columns such as `company_name`, else the first object
    that describes one, a job last. Objects describe the same company if they have a domain in common, or a name if one
    of them has no domain. Columns describe the same one also if they lack what the object has, or begin its name.
    """
    found = [
        (prefix + name, name == "company", company)
        for prefix, fields in levels
        for name, value in fields.items()
        if (type(value) is dict or (prefix and _has_objects(value))) and _describes_company(prefix + name)
        if (company := value if type(value) is dict else current_job(value)) is not None
    ]
    if not found or (len(found) == 1 and found[0][1]):  # the common case
        return frozenset()
    found.sort(key=lambda one: (not one[1], is_job_name(one[0])))
    known = [(path, is_first, *_identity(path, value)) for path, is_first, value in found]
    known = [one for one in known if one[2] or one[3]]
    others = set[str]()
    if known and not known[0][1]:
        domains_of_row, names_of_row = set[str](), set[str]()
        for prefix, fields in levels:
            domains, names = _identity_of_columns(prefix, fields)
            domains_of_row, names_of_row = domains_of_row | domains, names_of_row | names
        others = {one[0] for one in known if _contradict(domains_of_row, names_of_row, one[2], one[3])}
        known = [one for one in known if one[0] not in others]
    for path, _, domains, names in known[1:]:
        _, _, first_domains, first_names = known[0]
        if first_domains.isdisjoint(domains) if first_domains and domains else first_names.isdisjoint(names):
            others.add(path)
    return frozenset(others)


def _has_objects(value: Any) -> bool:
    """Return whether a value is a list of objects."""
    return type(value) is list and bool(value) and all(type(item) is dict for item in value)


def columns_of_other_companies(row: Members) -> dict[str, list[str]]:
    """Return the columns of objects that describe another company than a row of companies, by the name of the object.

    A company without a domain does not get that of an object with another name.
    """
    own: Members = {}
    objects: dict[str, dict[str, str]] = {}
    for column in row:
        name = without_wrappers(column)
        first, _, rest = name.partition(".")
        if rest and is_company(first):
            objects.setdefault(first, {})[rest] = column
        else:
            own[name] = row[column]
    if not objects:
        return {}
    of_row = _identity_of_company(own)
    return {
        name: list(columns.values())
        for name, columns in objects.items()
        if _contradict(*of_row, *_identity_of_company({rest: row[column] for rest, column in columns.items()}))
    }


def is_of_other_company(fields: Members, facts: Members) -> bool:
    """Return whether fields of a row describe another company than `facts`, which are columns of one."""
    of_facts = _identity_of_columns("", facts)
    described = [_identity_of_columns("", fields)]
    described += [
        _identity(name, value) for name, value in fields.items() if type(value) is dict and _describes_company(name)
    ]
    return any(_contradict(*of_facts, domains, names) for domains, names in described)


def _contradict(domains: set[str], names: set[str], other_domains: set[str], other_names: set[str]) -> bool:
    """Return whether the domains of two companies differ, or their names if one of them has no domain."""
    if domains and other_domains:
        return domains.isdisjoint(other_domains)
    pairs = [(f"{name} ", f"{other} ") for name in names for other in other_names]
    return bool(pairs) and not any(name.startswith(other) or other.startswith(name) for name, other in pairs)


def _identity_of_columns(prefix: str, fields: Members, is_job: bool = False) -> tuple[set[str], set[str]]:
    """The domains and the keys of the names in the columns of a row or a job that concern its company for sure."""
    domains, names = set[str](), set[str]()
    for key, value in fields.items():
        if type(value) is not str or (found := recognise("contacts", prefix + key)) is None or not found.fields:
            continue
        if found.fields[0] == "company_name":
            names.add(company_name_key(value))
        elif found.fields[0] == "company_domain" or (
            found.fields[0] == "company_website" and (is_job or mentions_company(key))
        ):
            domains.add(_domain(value))
    return domains - {""}, names - {""}


@lru_cache(maxsize=1_000)
def _describes_company(path: str) -> bool:
    return is_company(path) or is_job_name(path)


def _identity(path: str, company: Members) -> tuple[set[str], set[str]]:
    """The domains and the keys of the names of a company or of that of a job."""
    if not is_job_name(path):
        return _identity_of_company(company)
    domains, names = _identity_of_columns(f"{path}.", company, is_job=True)
    for key, value in company.items():
        if type(value) is dict and _describes_company(key):
            inner_domains, inner_names = _identity_of_company(value)
            domains, names = domains | inner_domains, names | inner_names
    return domains, names


def _identity_of_company(company: Members) -> tuple[set[str], set[str]]:
    """The domains and the keys of the names of an object. A `url` counts only without a name: it can be that of an API,
    and a `title` is that of a person."""
    domains, names, urls = set[str](), set[str](), set[str]()
    for key, value in company.items():
        if type(value) is not str or (found := recognise("companies", key)) is None or not found.fields:
            continue
        if found.fields[0] in SITES:
            (domains if found.rank < ONLY else urls).add(_domain(value))
        elif found.fields[0] == "name" and found.rank < ONLY:
            names.add(company_name_key(value))
    names.discard("")
    return (domains if names else domains | urls) - {""}, names


def _domain(site: str) -> str:
    """The domain of a company's site; empty if it has none."""
    with suppress(ValueError):
        return company_domain(site) or ""
    return ""
