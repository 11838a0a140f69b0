"""Objects of a row that describe different people, such as a lead and the colleague who takes care of it."""

from __future__ import annotations

from typing import Final

from letrics.ingest.aliases import NAME, ONLY, aliases, header_key
from letrics.ingest.columns import PERSON_FIELDS
from letrics.ingest.header_names import mentions_person
from letrics.ingest.nested_names import is_job_name, is_user, without_wrappers
from letrics.ingest.people_in_rows import can_be_same, name_words
from letrics.ingest.recognition import is_person, recognise
from letrics.ingest.rows import Members

_OF_EMPLOYEE: Final = frozenset({"emails", "company_name"})
"""The fields that a person has and a company or a deal has not, if a row has both."""
_OWN: Final = frozenset({"emails", "linkedin_url", "full_name"})
"""The fields of a row that is not the `user` in it."""


def contradicting_people(prefix: str, fields: Members) -> frozenset[str]:
    """Return the keys of objects that describe another person than the row, else than the first object.

    Two people differ if both have a name, and neither has all words of the other: `Ann` can be `Ann Abel`. A `user` is
    another person unless nothing else in the row is one. The `name` of a job is that of a company.
    """
    found = [name for name, value in fields.items() if type(value) is dict and _can_be_person(prefix, name, value)]
    if not found:  # the common case
        return frozenset()
    found.sort(key=lambda name: not is_person(prefix + name))
    names = [(name, words) for name in found if (words := _words_of_name(fields[name], is_job_name(name)))]
    first = _words_of_name(fields) if _describes_person(fields) else frozenset[str]()
    users = frozenset(filter(is_user, found))
    if users and not (first or len(users) < len(found) or _has_identity(fields)):
        users = frozenset()
    if not first and names:
        first = names[0][1]
    return users.union(name for name, words in names if not can_be_same(words, first))


def _can_be_person(prefix: str, name: str, value: Members) -> bool:
    """Return whether an object can be a person, such as a `contact`, or has an address that would be the person's."""
    path = prefix + name
    found = recognise("contacts", path)
    if found is not None and found.fields in (("company_name",), ("emails",), ("full_name",)):
        return is_person(path)
    return mentions_person(name) or any(
        found is not None and found.fields == ("emails",)
        for found in (recognise("contacts", f"{path}.{key}") for key, inner in value.items() if type(inner) is str)
    )


def _has_identity(fields: Members) -> bool:
    """Return whether a row itself has an address, a profile or a name."""
    found = (recognise("contacts", name) for name, value in fields.items() if value)
    return any(one is not None and one.rank < ONLY and one.fields[:1] and one.fields[0] in _OWN for one in found)


def _describes_person(fields: Members) -> bool:
    """Return whether a row describes a person itself, so that its `name` is no name of a company or a deal."""
    meant = set[str]()
    for name, value in fields.items():
        if not value or (found := recognise("contacts", name)) is None or found.rank >= ONLY:
            continue
        alias = aliases("contacts").get(header_key(without_wrappers(name)))
        if (
            type(value) is str
            and not PERSON_FIELDS.isdisjoint(found.fields)
            and (alias is None or alias.fields != (NAME,))
        ):
            return True
        meant.update(found.fields)
    return meant >= _OF_EMPLOYEE


def _words_of_name(fields: Members, is_job: bool = False) -> frozenset[str]:
    """The words of the name in the fields of a person."""
    names: dict[str, str] = {}
    for name, value in fields.items():
        if is_job and header_key(name) == "name":
            continue
        if type(value) is str and value and (found := recognise("contacts", name)) is not None and found.fields:
            names.setdefault(found.fields[0], value)
    text = names.get("full_name") or f"{names.get('first_name', '')} {names.get('last_name', '')}"
    return name_words(text)
