"""Chips for the active filters, and the notes of the search about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from letrics.query.request import field_named
from letrics.web.explorer.controls import control_of
from letrics.web.explorer.page_state import PageState
from letrics.web.explorer.words import label

_SAYS: Final = {"after": "from", "before": "until", "min": "at least", "max": "at most"}
"""The word for each bound of a range."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter. `note` is the interpretation of a location; `href` is the page without the filter."""

    label: str
    value: str
    negative: bool
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class UnmatchedValue:
    """A filter value that no record has. `fixes` are its suggestions: the value, and the page that uses it instead."""

    label: str
    value: str
    fixes: tuple[tuple[str, str], ...]


def chips(state: PageState, meta: Mapping[str, Any]) -> list[Chip]:
    """Return a chip for every filter in the URL, in its order, including unknown filters."""
    read = {(place["field"], place["value"]): _read_as(place) for place in meta.get("places", ())}
    made: list[Chip] = []
    for name, value in state.filters:
        href = state.link(without=((name, value),))
        control = control_of(state.kind).get(name)
        field = field_named(state.kind, name)
        if control is None or field is None:
            made.append(Chip(label(name), value, False, href))
        elif control.shape == "flag":
            shown = "" if value == "true" else value
            made.append(Chip(control.label, shown, name.startswith("exclude_"), href))
        elif field.bound is not None:
            made.append(Chip(f"{control.label} {_SAYS[field.bound]}", value, False, href))
        else:
            note = read.get((name, value.strip()), "")
            made.append(Chip(control.label, value, name.startswith("exclude_"), href, note))
    return made


def unmatched_values(state: PageState, meta: Mapping[str, Any]) -> list[UnmatchedValue]:
    """Return the values that no record has, with their suggestions as links."""
    made: list[UnmatchedValue] = []
    for item in meta.get("unmatched", ()):
        name, value = item["field"], item["value"]
        wrong = tuple(pair for pair in state.filters if pair[0] == name and pair[1].strip() == value)
        fixes = tuple((text, state.link(without=wrong, add=((name, text),))) for text in item["suggestions"])
        made.append(UnmatchedValue(label(name), value, fixes))
    return made


def _read_as(place: Mapping[str, Any]) -> str:
    """Describe how a location was interpreted. Empty if it is the same as the value."""
    names = [item["name"] if item["kind"] != "text" else "as text" for item in place["read_as"]]
    return "" if names == [place["value"]] else " or ".join(names)
