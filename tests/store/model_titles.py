"""The model's derivation of fields from job titles: the values after a row, and which of them are derived."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from letrics.normalize.titles import derive

NAMES = ("department", "seniority", "is_decision_maker")


def with_derived(old: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The three fields and `derived` of a contact with the fields `old`, after a row that says `said`."""
    was_derived = set(old["derived"])
    title = said.get("job_title", old["job_title"])
    told = derive(title)._asdict() if title else {}
    values: dict[str, Any] = {}
    derived: list[str] = []
    for name in NAMES:
        before = old[name]
        is_given = before is not None and name not in was_derived
        value = said.get(name)
        if "derived" in said:
            by_title = name in said["derived"] and not is_given
            kept = name in said["derived"] or name not in said
            values[name] = (told.get(name) if value is None else value) if by_title else before if kept else value
        else:
            by_title = value is None and not (is_given and name not in said)
            if by_title and name not in said and title is None and old["job_title"] is None:
                values[name], by_title = before, name in was_derived
            else:
                values[name] = told.get(name) if by_title else before if value is None else value
        if by_title and values[name] is not None:
            derived.append(name)
    return values | {"derived": tuple(derived)}
