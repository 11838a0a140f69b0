"""API endpoints of the field catalogue: the request fields of a search, and the values of a field."""

from __future__ import annotations

import difflib
from typing import Final

import msgspec

from letrics.api.backends import Backends
from letrics.api.call import Call
from letrics.api.querystring import read_integer, read_parameters, refuse, refuse_all
from letrics.api.response import ApiResponse, Meta, success
from letrics.budget import current_budget
from letrics.engines.base import ValueCount
from letrics.errors import INVALID_INPUT, NOT_FOUND, LetricsError, problem
from letrics.fields import MAX_VALUE_LENGTH, Fact, Field, FieldKind, facet_fields, fields_of
from letrics.normalize.place import read_location
from letrics.normalize.text import forbidden_character
from letrics.query.request_values import shown
from letrics.records import KINDS, Kind

MAX_VALUES: Final = 100
"""The maximum of the parameter `limit`: values in one response."""
DEFAULT_VALUES: Final = 10
"""The number of values in a response when `limit` is absent."""
_MAX_MEANT: Final = 5
"""The maximum number of interpretations of a location that are listed before the other values."""

_TYPES: Final = {"flag": "boolean", "modifier": "boolean", "range": "timestamp", "number": "integer"}
_encoder: Final = msgspec.json.Encoder()


class FieldRow(msgspec.Struct):
    """One request field.

    `type` is array[string], boolean, timestamp or integer. `match` is the kind of comparison. `kinds` are the kinds of
    record whose searches have the field. `max_values` is null for a field that takes one value. `exclude` is the name
    of the excluding counterpart, null if there is none. `facetable` says whether its values can be counted and
    completed.
    """

    name: str
    type: str
    match: FieldKind
    meaning: str
    example: str | int | bool | list[str]
    kinds: tuple[Kind, ...]
    max_values: int | None
    aliases: tuple[str, ...]
    exclude: str | None
    facetable: bool


class Catalogue:
    """The `fields` endpoints of one kind of record."""

    def __init__(self, kind: Kind, backends: Backends) -> None:
        self.kind = kind
        self._engine = backends.engine
        self._fields = {field.name: field for field in fields_of(kind)}
        self._facetable = {field.name for field in facet_fields(kind)}
        self._rows = _encoder.encode([self._row(field) for field in self._fields.values()])

    async def fields(self, call: Call) -> ApiResponse:
        """List the fields of a search, in the catalogue's order."""
        refuse(refuse_all(call.query, "is not a parameter of this path: it always lists all fields"))
        return success(self._rows, Meta(call.request_id))

    async def values(self, call: Call) -> ApiResponse:
        """List the values of a field that complete a string, best match and most common first, with their counts."""
        field = self._find(call.variable)
        given, problems = read_parameters(call.query, "q", "limit")
        if field.name not in self._facetable:
            have = ", ".join(name for name in self._fields if name in self._facetable)
            problems[""] = f"{field.name} has no values to complete; fields of {self.kind} that have are {have}"
        typed, limit = given.get("q", ""), read_integer(given.get("limit", str(DEFAULT_VALUES)))
        if len(typed) > MAX_VALUE_LENGTH:
            problems["q"] = f"q has {len(typed):,} characters; at most {MAX_VALUE_LENGTH} are allowed"
        elif bad := forbidden_character(typed):
            problems["q"] = f"q contains {bad}, which is not text: remove it"
        if limit is None or not 1 <= limit <= MAX_VALUES:
            problems.setdefault("limit", f"limit {shown(given['limit'])} must be a whole number from 1 to {MAX_VALUES}")
        fact = field.fact(self.kind)
        if problems or fact is None or limit is None:
            raise LetricsError(INVALID_INPUT, [(text, name or None) for name, text in problems.items()])
        await current_budget().begin(given)
        values = await self._engine.values(self.kind, fact, typed, limit)
        if field.kind == "place":
            meant = await self._meant(fact, typed)
            values = [*meant, *(value for value in values if value not in meant)][:limit]
        return success(_encoder.encode(values), Meta(call.request_id))

    async def _meant(self, fact: Fact, typed: str) -> list[ValueCount]:
        """The locations that a search interprets `typed` as, if any record has them: `US` is the United States, though
        other values begin with US."""
        names = [item.name for item in read_location(typed).read_as if item.kind != "text"] if typed.strip() else []
        found: list[ValueCount] = []
        for name in list(dict.fromkeys(names))[:_MAX_MEANT]:
            near = await self._engine.values(self.kind, fact, name, _MAX_MEANT)
            found += [value for value in near if value.value == name]
        return found

    def _find(self, name: str) -> Field:
        """The field with this name. Raises LetricsError (not_found)."""
        field = self._fields.get(name)
        if field is None:
            near = difflib.get_close_matches(name[:100].casefold(), self._fields, 1, 0.6)
            hint = f"did you mean {near[0]}?" if near else f"see /v1/{self.kind}/fields"
            raise problem(NOT_FOUND, f"Searches of {self.kind} have no field {shown(name)}: {hint}")
        return field

    def _row(self, field: Field) -> FieldRow:
        return FieldRow(
            name=field.name,
            type="array[string]" if field.is_array else _TYPES[field.kind],
            match=field.kind,
            meaning=field.help,
            example=_example(field),
            kinds=tuple(kind for kind in KINDS if field.fact(kind) is not None),
            max_values=field.max_values if field.is_array else None,
            aliases=field.aliases,
            exclude=f"exclude_{field.name}" if field.can_exclude else None,
            facetable=field.name in self._facetable,
        )


def _example(field: Field) -> str | int | bool | list[str]:
    if field.kind == "number":
        return int(field.example)
    return [str(field.example)] if field.is_array else field.example
