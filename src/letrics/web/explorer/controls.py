"""The controls of the filter form: one for each filter of the field catalogue, in groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from letrics.fields import Field, facet_fields, fields_of
from letrics.records import Kind
from letrics.web.explorer.words import label

Shape = Literal["values", "flag", "dates", "numbers"]
Typed = Literal["none", "first", "last"]

FACETS: Final = ("equals", "place")
"""The kinds of field with facets in the breakdown."""


@dataclass(frozen=True, slots=True)
class Control:
    """One control. `names` are its request fields: a field and its `exclude_` counterpart, or both ends of a range.

    `completes` is the path under `/app/` for autocomplete, empty if there is none.
    """

    key: str
    shape: Shape
    label: str
    help: str
    example: str
    names: tuple[str, ...]
    completes: str = ""
    typed: Typed = "none"
    """Position of the typed text among the completions: first if the filter matches substrings, last if it accepts
    spellings that differ from the values of records."""


@dataclass(frozen=True, slots=True)
class Group:
    """Controls under one heading. `folded` groups are initially closed, unless one of their filters is active."""

    title: str
    folded: bool
    controls: tuple[Control, ...]


@cache
def groups(kind: Kind) -> tuple[Group, ...]:
    """Return the groups of the form for `kind`. Rarely used filters are under "More filters"."""
    counted = {id(field) for field in facet_fields(kind)}
    found: dict[str, list[Control]] = {"Contact": [], "Company": [], "Dates": [], "More filters": []}
    for field, control in _controls(kind):
        fact = field.fact(kind)
        assert fact is not None
        if control.shape == "dates":
            title = "Dates"
        elif id(field) in counted or (control.shape == "flag" and field.kind == "flag"):
            title = fact.owner.capitalize()
        else:
            title = "More filters"
        found[title].append(control)
    for controls in found.values():
        controls.sort(key=lambda control: control.shape == "flag")
    return tuple(
        Group(title, title in ("Dates", "More filters"), tuple(controls))
        for title, controls in found.items()
        if controls
    )


@cache
def control_of(kind: Kind) -> dict[str, Control]:
    """Map each request name to its control."""
    return {name: control for group in groups(kind) for control in group.controls for name in control.names}


@cache
def facets(kind: Kind) -> tuple[str, ...]:
    """Return the fields with facets in the breakdown."""
    return tuple(field.name for field in facet_fields(kind) if field.kind in FACETS)


def _controls(kind: Kind) -> Iterator[tuple[Field, Control]]:
    pairs: dict[str, list[Field]] = {}
    for field in fields_of(kind):
        if field.bound is not None:
            pairs.setdefault(field.stem, []).append(field)
    for field in fields_of(kind):
        if field.bound is not None:
            ends = pairs[field.stem]
            if field is ends[0]:
                shape: Shape = "dates" if field.kind == "range" else "numbers"
                names = tuple(end.name for end in ends)
                yield field, Control(field.stem, shape, _pair_label(kind, field), field.help, str(field.example), names)
        elif field.is_array:
            names = (field.name, f"exclude_{field.name}")
            yield (
                field,
                Control(
                    field.name, "values", label(field.name), field.help, str(field.example), names,
                    _completes(kind, field), _typed(field),
                ),
            )  # fmt: skip
        else:
            names = (field.name, f"exclude_{field.name}") if field.can_exclude else (field.name,)
            yield field, Control(field.name, "flag", label(field.name), field.help, "", names)


def _pair_label(kind: Kind, field: Field) -> str:
    """Return the label of a range. In searches of contacts, that of a date has its owner: contact, company or both."""
    fact = field.fact(kind)
    assert fact is not None
    if field.kind != "range" or kind == "companies":
        return label(field.stem)
    stem = field.stem.removeprefix(f"{fact.owner}_")
    return label(f"contact_or_company_{stem}" if fact.later_of else f"{fact.owner}_{stem}")


def _typed(field: Field) -> Typed:
    if field.kind in ("equals", "all"):
        return "none"
    return "first" if field.kind in ("contains", "words") else "last"


def _completes(kind: Kind, field: Field) -> str:
    """Return the path for autocomplete: that of a field with the same fact, in this kind of search or the other."""
    other: Kind = "companies" if kind == "contacts" else "contacts"
    for where in (kind, other):
        for offered in facet_fields(where):
            if offered.fact(where) is field.fact(kind):
                return f"{where}/fields/{offered.name}/values"
    return ""
