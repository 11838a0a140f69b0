"""Lists of locations in rows, whose parts have the names of a tool, in the form of exports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from letrics.ingest.aliases import header_key
from letrics.ingest.location_parts import LOCATION_PARTS
from letrics.ingest.nested_names import value_names
from letrics.ingest.recognition import recognise
from letrics.ingest.rows import Members


def _value_in(part: Any) -> Any:
    """The name of a part of a location that is an object, such as a country with its code."""
    if type(part) is not dict:
        return part
    by_key = {header_key(name): value for name, value in part.items()}
    return next((by_key[name] for name in value_names("country") if type(by_key.get(name)) is str), part)


def split_places(objects: Sequence[Members]) -> tuple[list[Members], list[Members]]:
    """Return locations in the form of exports, and the objects without the parts of locations."""
    places, rest = list[Members](), list[Members]()
    for fields in objects:
        keys: dict[str, str] = {}
        for key in fields:
            found = recognise("companies", f"locations.{key}")
            part = found.fields[0] if found is not None and found.fields else ""
            if part in LOCATION_PARTS or part == "locations":
                keys.setdefault("text" if part in ("locations", "address") else part, key)
        if len(keys) > 1:
            keys.pop("text", None)  # often a label such as Head office
        places.append({part: _value_in(fields[key]) for part, key in keys.items()})
        rest.append({key: value for key, value in fields.items() if key not in keys.values()})
    return places, rest
