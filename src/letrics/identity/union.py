"""The record that two records become: contacts when a person says that they are one, companies when a row does."""

from __future__ import annotations

from typing import Any, Final

from msgspec.structs import replace

from letrics.normalize.email import email_key
from letrics.records import Company, ContactBody

_NAMES: Final = ("first_name", "last_name", "full_name")
"""Fields that are taken together from one contact, so that parts of different names are not mixed."""
_APART: Final = frozenset({"id", *_NAMES, "emails", "derived", "added_at", "updated_at"})
"""Fields with rules that differ from those of the others."""
_EMPTY: Final = (None, ())


def unite_contacts(kept: ContactBody, other: ContactBody, now: str) -> ContactBody:
    """Add the values of `other` that `kept` does not have: given values win over derived ones, then those of `kept`.

    The emails are those of both. `added_at` is the earlier one.
    """
    changes: dict[str, Any] = {}
    derived = set(kept.derived)
    if all(getattr(kept, name) is None for name in _NAMES):
        changes |= {name: getattr(other, name) for name in _NAMES}
    for name in ContactBody.__struct_fields__:
        if name in _APART or getattr(other, name) in _EMPTY:
            continue
        is_given = name in kept.derived and name not in other.derived
        if getattr(kept, name) in _EMPTY or is_given:
            changes[name] = getattr(other, name)
            derived.discard(name)
            derived |= {name} & set(other.derived)
    known = {email_key(email.value) for email in kept.emails}
    changes["emails"] = (*kept.emails, *(email for email in other.emails if email_key(email.value) not in known))
    changes["derived"] = tuple(name for name in ContactBody.__struct_fields__ if name in derived)
    return replace(kept, added_at=min(kept.added_at, other.added_at), updated_at=now, **changes)


def unite_companies(kept: Company, other: Company, now: str) -> Company:
    """Add the values of `other`, which has no domain, that `kept` does not have. `first_seen_at` is the earlier one."""
    sized = kept.employees is not None or kept.employees_range is not None
    changes = {
        name: value
        for name in Company.__struct_fields__
        if (value := getattr(other, name)) not in _EMPTY
        and getattr(kept, name) in _EMPTY
        and not (sized and name in ("employees", "employees_range"))
    }
    if other.first_seen_at < kept.first_seen_at:
        changes["first_seen_at"] = other.first_seen_at
    return replace(kept, updated_at=now, **changes) if changes else kept


def restore_contact(before: ContactBody, after: ContactBody, current: ContactBody, now: str) -> ContactBody:
    """The contact `current` without what made `after` of `before`; values that changed since `after` stay."""
    if current == after:
        return before
    changes = {
        name: getattr(before, name)
        for name in ContactBody.__struct_fields__
        if name not in ("id", "updated_at") and getattr(current, name) == getattr(after, name)
    }
    return replace(current, **changes | {"updated_at": now})
