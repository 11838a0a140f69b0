"""Objects in rows that are values of fields: an email address with its type, a size band, a location, a company."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from letrics.ingest.columns import COLUMNS, DERIVED
from letrics.ingest.recognition import recognise
from letrics.ingest.rows import Members

_OWN_COMPANY: Final = frozenset(COLUMNS["companies"]) | DERIVED
"""The keys of an object `company` that stays a value."""
_PLACE: Final = frozenset({"city", "region", "country", "text", "country_code", "continent"})
"""The keys of a location object as exports have it."""
_FORMS: Final = (
    (frozenset({"value", "type"}), frozenset({"emails", "company_emails"})),
    (frozenset({"min", "max"}), frozenset({"company_employees", "company_employees_range"})),
    (_PLACE, frozenset({"locations", "company_locations"})),
)
"""The keys of objects that are values, and the fields in a file of contacts that read them."""
_EMAIL_TYPES: Final = (None, "generic", "personal")
"""The types of addresses here. Other types, such as `work`, are not used."""
_SALESFORCE: Final = frozenset({"type", "url"})
"""The keys of the object `attributes` of Salesforce, which describes the record’s type."""


def has_objects(value: Any) -> bool:
    """Return whether a value is a list with an object."""
    return type(value) is list and dict in map(type, value)


def stays_value(path: str, value: Members) -> bool:
    """Return whether an object is the value of a field, or has nothing that could be used."""
    if path == "company":
        return value.keys() <= _OWN_COMPANY and _has_own_values(value)
    if value.keys() == _SALESFORCE and path.rpartition(".")[2] == "attributes":
        return True
    return has_form(path, [value])


def _has_own_values(company: Members) -> bool:
    """Return whether a company has no objects other than those of our forms."""
    for name, value in company.items():
        if type(value) is dict:
            objects = [value]
        elif has_objects(value):
            objects = [item for item in value if type(item) is dict]
        else:
            continue
        if not has_form(f"company.{name}", objects):
            return False
    return True


def has_form(path: str, objects: Sequence[Members]) -> bool:
    """Return whether all objects have the form of the values of the field that the column sets."""
    form = _form_of(path)
    if not form or not all(map(form.issuperset, objects)):
        return False
    return "type" not in form or all(given.get("type") in _EMAIL_TYPES for given in objects)


@lru_cache(maxsize=1_000)
def _form_of(path: str) -> frozenset[str]:
    """The keys of objects that are values of the field that a column sets; none if it reads no objects."""
    found = recognise("contacts", path)
    fields = () if found is None else found.fields
    return next((form for form, readers in _FORMS if not readers.isdisjoint(fields)), frozenset())
