"""Apply patches to records: given fields replace, absent fields keep the stored value, None or () clears.

A merge that changes nothing returns the same object. Otherwise it returns a new record whose `updated_at` is `now`.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any, Final, TypeVar

from msgspec import UNSET, UnsetType
from msgspec.structs import astuple, replace

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.identity.title_fields import derive_changes, derive_new
from letrics.normalize.domain import icann_suffix
from letrics.records import Company, ContactBody

Value = TypeVar("Value", str, bool)

_COMPANY_FIELDS: Final = CompanyPatch.__struct_fields__[2:-1]
"""Fields that a company and its patch have in common, in order: all between `domain` and `updated_at`."""
_CONTACT_FIELDS: Final = ContactPatch.__struct_fields__[3:-1]
"""Fields that a contact and its patch have in common, in order: all between `external_id` and `updated_at`."""
_CONTACT_VALUES: Final = tuple(name for name in (*_CONTACT_FIELDS, "updated_at") if name != "full_name")
"""Fields of a patch that a new contact gets as they are."""
_company_values: Final = attrgetter(*_COMPANY_FIELDS)
_contact_values: Final = attrgetter(*_CONTACT_FIELDS)
_contact_values_given: Final = attrgetter(*_CONTACT_VALUES)


def new_company(patch: CompanyPatch, now: str, id: str | None = None) -> Company:
    """The record of a new company. `added_at` defaults to `now`, and `first_seen_at` to `added_at`. `id` is the id of a
    company without a domain."""
    given = _given(_COMPANY_FIELDS, astuple(patch)[2:-1])
    added = given.setdefault("added_at", now)
    given.setdefault("first_seen_at", added)
    domain = patch.domain
    return Company(
        id=domain or id or "",
        domain=domain,
        tld=None if domain is None else icann_suffix(domain),
        updated_at=now if patch.updated_at is UNSET else patch.updated_at,
        **given,
    )


def merge_company(old: Company, patch: CompanyPatch, now: str) -> Company:
    """Apply the patch to the stored company `old`. A company without a domain gets that of the patch."""
    changes = _changes(_COMPANY_FIELDS, astuple(patch)[2:-1], _company_values(old))
    if patch.domain is not None and old.domain is None:
        changes |= {"id": patch.domain, "domain": patch.domain, "tld": icann_suffix(patch.domain)}
    return replace(old, updated_at=now, **changes) if changes else old


def new_contact(patch: ContactPatch, id: str, now: str) -> ContactBody:
    """The record of a new contact."""
    full = patch.full_name
    if full is None or full is UNSET:
        full = _full_name(_known(patch.first_name), _known(patch.last_name))
    given = _given(_CONTACT_VALUES, _contact_values_given(patch))
    given.setdefault("added_at", now)
    given.setdefault("updated_at", now)
    given |= derive_new(patch)
    return ContactBody(id=id, full_name=full, **given)


def merge_contact(old: ContactBody, patch: ContactPatch, id: str, moved: bool, now: str) -> ContactBody:
    """Apply the patch to the stored contact `old` and set its `id`; `moved` says that its company changed."""
    changes = _changes(_CONTACT_FIELDS, astuple(patch)[3:-1], _contact_values(old))
    _build_full_name(old, patch, changes)
    derive_changes(old, patch, changes)
    if id != old.id:
        changes["id"] = id
    return replace(old, updated_at=now, **changes) if changes or moved else old


def _known(value: Value | UnsetType | None) -> Value | None:
    return None if value is UNSET else value


def _given(names: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    return {name: value for name, value in zip(names, values, strict=True) if value is not UNSET}


def _changes(names: tuple[str, ...], given: tuple[Any, ...], known: tuple[Any, ...]) -> dict[str, Any]:
    return {
        name: value for name, value, was in zip(names, given, known, strict=True) if value is not UNSET and value != was
    }


def _build_full_name(old: ContactBody, patch: ContactPatch, changes: dict[str, Any]) -> None:
    """Build the full name from first and last name if the patch clears it, or sets only one of these parts."""
    given = patch.full_name
    if given is None or (given is UNSET and (patch.first_name is not UNSET or patch.last_name is not UNSET)):
        built = _full_name(changes.get("first_name", old.first_name), changes.get("last_name", old.last_name))
        if built is None and given is UNSET:
            built = old.full_name
        if built == old.full_name:
            changes.pop("full_name", None)
        else:
            changes["full_name"] = built


def _full_name(first: str | None, last: str | None) -> str | None:
    return " ".join(part for part in (first, last) if part) or None
