"""Cities, drawn by country first: a few countries hold most companies, and a few cities most of a country's."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import msgspec

from benchmarks.data.draws import Floats, cumulated
from letrics.normalize.place.gazetteer import Gazetteer, gazetteer

_FIRST: Final = "US GB DE FR IN CA NL BR AU ES IT CN JP CH SE PL BE MX SG IE AT DK NO IL FI PT KR TR ZA AE"
"""Countries with most companies in business data, most first; the others follow by population."""


def _countries(known: Gazetteer) -> list[list[int]]:
    """Cities by country: countries with most companies first, their largest cities first."""
    cities: defaultdict[str, list[int]] = defaultdict(list)
    for city in sorted(known.cities(), key=lambda city: -known.populations[city]):
        country = known.country_of(city)
        if country is not None:
            cities[known.code(country)].append(city)
    first = _FIRST.split()
    others = sorted(set(cities) - set(first), key=lambda code: -sum(known.populations[city] for city in cities[code]))
    return [cities[code] for code in (*first, *others)]


def _shown(known: Gazetteer, city: int) -> str:
    region, country = known.region_of(city), known.country_of(city)
    place = {"city": known.label(city)}
    place |= {} if region is None else {"region": known.label(region)}
    place |= {} if country is None else {"country": known.label(country)}
    return msgspec.json.encode(place).decode()


def places() -> tuple[list[str], Floats]:
    """Every city the program knows, as JSON objects, and their cumulated shares."""
    known = gazetteer()
    shown: list[str] = []
    shares: list[float] = []
    for rank, cities in enumerate(_countries(known), 1):
        weights = [(place + 2) ** -0.9 for place in range(len(cities))]
        whole = rank**-1.1 / sum(weights)
        shown += [_shown(known, city) for city in cities]
        shares += [whole * weight for weight in weights]
    return shown, cumulated(shares)
