"""Objects named like `user` or `member` that are the person of a row, because nothing else in the file identifies one.

Next to a contact or a company, a `user` is often the colleague who takes care of it, and a `member` one of many people.
Where the rest of a row has no name, address or company, as in `{"id": 1, "user": {…}}`, the object is the record.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from letrics.ingest.aliases import ONLY, header_key
from letrics.ingest.header_names import is_person_word
from letrics.ingest.nested_names import is_user, without_wrappers
from letrics.ingest.recognition import is_person, recognise

_PEOPLE: Final = frozenset(
    {"applicant", "subscriber", "student", "guest", "visitor", "author", "recruiter", "bewerber", "mitarbeiter"}
)
"""The keys of further names of objects of people that are no additions to headers."""
_PERSON: Final = frozenset({"emails", "linkedin_url", "full_name", "first_name", "last_name"})
"""The fields that identify a person."""
_IDENTITY: Final = _PERSON | {"company_name", "company_domain", "company_website", "company_linkedin_url"}
"""The fields that identify a person or the company of one."""


def names_of_lone_person(names: Iterable[str]) -> dict[str, str]:
    """Return the columns of the only object that identifies a person, each with its name in an object `person`.

    Returns none if there is no such object, if there are two, or if another column identifies a person or a company.
    """
    meant: dict[str, str] = {}
    objects = set[str]()
    for name in names:
        first, _, rest = without_wrappers(name).partition(".")
        if rest and _can_be_lone(first):
            objects.add(first)
            meant[name] = f"person.{rest}"
        elif _identifies(name, _IDENTITY):
            return {}
    is_person_of_row = len(objects) == 1 and any(_identifies(name, _PERSON) for name in meant.values())
    return meant if is_person_of_row else {}


def _can_be_lone(name: str) -> bool:
    """Return whether an object has a name of people, but not one that always is the person of the row."""
    return (is_user(name) or is_person_word(name) or header_key(name) in _PEOPLE) and not is_person(name)


def _identifies(name: str, fields: frozenset[str]) -> bool:
    found = recognise("contacts", name)
    return found is not None and found.rank < ONLY and not fields.isdisjoint(found.fields)
