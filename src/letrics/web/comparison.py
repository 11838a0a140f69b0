"""Two contacts side by side: the values of each field, and whether they are the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from letrics.web.explorer.display import DisplayValue, member, name_of, parts
from letrics.web.explorer.words import label

Agreement = Literal["same", "different", "one"]
"""Whether two contacts have the same value of a field, different values, or only one of them has a value."""

_FIELDS: Final = (
    "full_name", "job_title", "department", "seniority", "is_decision_maker", "company.name", "company.domain",
    "emails", "linkedin_url", "phone", "locations",
)  # fmt: skip
"""The fields that are compared, in this order."""
_LABELS: Final = {
    "company.name": "Company",
    "emails": "Emails",
    "full_name": "Name",
    "is_decision_maker": "Decision maker",
}
"""Labels that replace those of the explorer."""
_UNORDERED: Final = frozenset({"emails", "locations"})
"""Lists whose order does not make them different."""


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One field of two contacts."""

    label: str
    values: tuple[Sequence[DisplayValue], Sequence[DisplayValue]]
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class ComparedContact:
    """A contact in the head of a comparison. Its id distinguishes contacts of one name."""

    id: str
    name: str
    added_at: str


def contacts_of(pair: Mapping[str, Any]) -> tuple[ComparedContact, ComparedContact]:
    """The two contacts of a pair, as the API returns it."""
    one, other = (ComparedContact(str(each["id"]), name_of(each), each["added_at"]) for each in pair["contacts"])
    return one, other


def compare(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[ComparedRow]:
    """Compare two contacts, without the fields that neither has."""
    rows = []
    for name in _FIELDS:
        values = (parts(member(one, name)), parts(member(other, name)))
        if any(values):
            rows.append(ComparedRow(_LABELS.get(name) or label(name), values, _agreement(name, *values)))
    return rows


def _agreement(name: str, one: Sequence[DisplayValue], other: Sequence[DisplayValue]) -> Agreement:
    if not one or not other:
        return "one"
    if name in _UNORDERED:
        one, other = (sorted(values, key=lambda part: part.text) for values in (one, other))
    return "same" if list(one) == list(other) else "different"
