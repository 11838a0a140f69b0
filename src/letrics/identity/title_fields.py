"""The fields of a contact that are derived from its job title, and the list of those that are.

Given values win. A field is derived if neither the row nor the record has a value, and again whenever its record
changes. A null in a row removes a given value, so the field is derived from then on. A row that lists its derived
fields, as exports do, is taken as it is: a listed value is a derived one, and a field that is not listed stays empty if
it is.
"""

from __future__ import annotations

from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, cast

from msgspec import UNSET

from letrics.identity.patches import ContactPatch
from letrics.normalize.titles import NOTHING, derive
from letrics.records import DERIVABLE, ContactBody

Derived = tuple[str | None, str | None, bool | None, tuple[str, ...]]
"""Values of the derivable fields in the order of DERIVABLE, and the names of those that are derived."""

_values: Final = attrgetter(*DERIVABLE)
_ALL_UNSET: Final = (UNSET,) * len(DERIVABLE)
"""The derivable values of a patch that has none of them."""
_NONE: Final = (*NOTHING, ())
"""The derivable values of a contact without any, and the names of those derived."""
_CACHED_TITLES: Final = 20_000
"""The capacity of the cache of rows without given values, in titles."""


def derive_new(patch: ContactPatch) -> dict[str, Any]:
    """The derivable fields and `derived` of the new contact that a patch makes."""
    return dict(zip((*DERIVABLE, "derived"), derive_row(patch), strict=True))


def derive_row(patch: ContactPatch) -> Derived:
    """The values of `derive_new`, in the order of DERIVABLE, and the names of those derived."""
    title, given, stated = patch.job_title, _values(patch), patch.derived
    if stated is UNSET and given == _ALL_UNSET:
        return _derive_all(title) if title else _NONE  # an UNSET title is false
    if stated is UNSET and UNSET not in given and None not in given:
        return cast("Derived", (*given, ()))
    meaning = derive(title) if title else NOTHING
    values: list[Any] = []
    derived: list[str] = []
    for name, value, told in zip(DERIVABLE, given, meaning, strict=True):
        is_absent = value is UNSET or value is None
        by_title = is_absent if stated is UNSET else name in stated
        chosen = (told if by_title else None) if is_absent else value
        values.append(chosen)
        if by_title and chosen is not None:
            derived.append(name)
    return cast("Derived", (*values, tuple(derived)))


@lru_cache(_CACHED_TITLES)
def _derive_all(title: str) -> Derived:
    meaning = derive(title)
    names = tuple(name for name, value in zip(DERIVABLE, meaning, strict=True) if value is not None)
    return *meaning, names


def derive_changes(old: ContactBody, patch: ContactPatch, changes: dict[str, Any]) -> None:
    """Add the derived fields to `changes`, what a patch changes in the contact `old`."""
    title = changes.get("job_title", old.job_title)
    listed, stated = old.derived, patch.derived
    if title is None and not listed and stated is UNSET:
        return
    meaning = NOTHING if title is None else derive(title)
    is_untitled = title is None and old.job_title is None
    derived = []
    for name, given, was, told in zip(DERIVABLE, _values(patch), _values(old), meaning, strict=True):
        was_given = was is not None and name not in listed
        if stated is not UNSET and name in stated:
            if was_given:
                changes.pop(name, None)
                continue
        elif given is UNSET:
            if was_given or stated is not UNSET:
                continue
            if is_untitled:
                if name in listed:
                    derived.append(name)
                continue
        elif given is not None or stated is not UNSET:
            continue
        value = told if given is UNSET or given is None else given
        if value is not None:
            derived.append(name)
        if value != was:
            changes[name] = value
        else:
            changes.pop(name, None)
    if tuple(derived) != listed:
        changes["derived"] = tuple(derived)
    else:
        changes.pop("derived", None)
