from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from letrics.normalize.text import fold_name
from letrics.records import Place


class ReadAs(msgspec.Struct, frozen=True):
    kind: Literal["country", "region", "city", "continent", "group", "text"]
    name: str
    country_code: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    keys: tuple[str, ...]
    read_as: tuple[ReadAs, ...]


def read_location(text: str) -> Reading:
    return Reading((f"text:{fold_name(text)}",), (ReadAs("text", text),))


def place_keys(place: Place) -> tuple[str, ...]:
    parts = (place.city, place.region, place.country, place.text)
    return tuple(dict.fromkeys(f"text:{fold_name(part)}" for part in parts if part))


def place_label(key: str) -> str | None:
    return None


def complete_place(
    city: str | None,
    region: str | None,
    country: str | None,
    text: str | None,
    country_code: str | None = None,
    continent: str | None = None,
) -> Place:
    joined = text or ", ".join(part for part in (city, region, country) if part) or None
    return Place(city, region, country, country_code, continent, joined)


def gazetteer_fingerprint() -> str:
    return "0"
