"""Objects of a row that describe different people, such as a lead and the colleague who takes care of it."""

from __future__ import annotations

from typing import Final

from letrics.ingest.aliases import NAME, ONLY, aliases, header_key
from letrics.ingest.columns import PERSON_FIELDS
from letrics.ingest.header_names import mentions_person
from letrics.ingest.nested_names import is_user, without_wrappers
from letrics.ingest.recognition import is_person, recognise
from letrics.ingest.rows import Members
from letrics.normalize.text import fold_name

_OF_EMPLOYEE: Final = frozenset({"emails", "company_name"})
"""The fields that a person has and a company or a deal has not, if a row has both."""
_MAX_NAME: Final = 200
"""The maximum length of a name that is compared, in characters."""


def contradicting_people(prefix: str, fields: Members) -> frozenset[str]:
    """Return the keys of objects that describe another person than the row, else than the first object.

    Two people differ if both have a name, and neither has all words of the other: `Ann` can be `Ann Abel`. A `user` is
    another person unless nothing else in the row is one.
    """
    found = [name for name, value in fields.items() if type(value) is dict and _can_be_person(prefix, name, value)]
    if not found:  # the common case
        return frozenset()
    found.sort(key=lambda name: not is_person(prefix + name))
    names = [(name, words) for name in found if (words := _words_of_name(fields[name]))]
    first = _words_of_name(fields) if _describes_person(fields) else set[str]()
    users = frozenset(filter(is_user, found))
    if users and not (first or len(users) < len(found) or any(map(_is_email, fields))):
        users = frozenset()
    if not first and names:
        first = names[0][1]
    return users.union(name for name, words in names if not (words <= first or first <= words))


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


def _is_email(name: str) -> bool:
    found = recognise("contacts", name)
    return found is not None and found.fields == ("emails",)


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


def _words_of_name(fields: Members) -> set[str]:
    """The words of the name in the fields of a person, without accents and capitals."""
    names: dict[str, str] = {}
    for name, value in fields.items():
        if type(value) is str and value and (found := recognise("contacts", name)) is not None and found.fields:
            names.setdefault(found.fields[0], value)
    text = names.get("full_name") or f"{names.get('first_name', '')} {names.get('last_name', '')}"
    return set(fold_name(text[:_MAX_NAME]).replace(",", " ").split())
