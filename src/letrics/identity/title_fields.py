"""The fields of a contact that are derived from its job title, and which of its fields are derived.

Given values win. A field is derived if neither the row nor the record has a value, and again whenever its record changes. A
null in a row removes a given value, so the field is derived from then on. A row that lists its derived fields, as exports
do, is taken as it is: a listed value is a derived one, and a field that is not listed stays empty if it is.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any, Final

from msgspec import UNSET

from letrics.identity.patches import ContactPatch
from letrics.normalize.titles import NOTHING, derive
from letrics.records import DERIVABLE, ContactBody

_values: Final = attrgetter(*DERIVABLE)
_EMPTY: Final = (None,) * len(DERIVABLE)


def derive_fields(values: dict[str, Any], title: str | None, patch: ContactPatch, old: ContactBody | None) -> None:
    """Add the derived fields and their names to `values`, the changes of a contact whose job title becomes `title`.

    `old` is the stored contact, None for a new one.
    """
    listed: tuple[str, ...] = () if old is None else old.derived
    stated = patch.derived
    if title is None and not listed and stated is UNSET:
        return
    meaning = NOTHING if title is None else derive(title)
    untitled = title is None and old is not None and old.job_title is None
    derived = []
    for name, given, was in zip(DERIVABLE, _values(patch), _EMPTY if old is None else _values(old), strict=True):
        was_given = was is not None and name not in listed
        if stated is not UNSET and name in stated:
            if was_given:
                values.pop(name, None)
                continue
        elif given is UNSET:
            if was_given or stated is not UNSET:
                continue
            if untitled:
                if name in listed:
                    derived.append(name)
                continue
        elif given is not None or stated is not UNSET:
            continue
        value = getattr(meaning, name) if given is UNSET or given is None else given
        if value is not None:
            derived.append(name)
        if value != was:
            values[name] = value
        else:
            values.pop(name, None)
    if tuple(derived) != listed:
        values["derived"] = tuple(derived)
    else:
        values.pop("derived", None)
