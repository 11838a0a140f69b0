"""Where a company is: its head office as its source gives it, and other offices read from a text or drawn by rule."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from letrics.normalize.text import fold_name
from scripts.sample.draw import Draw
from scripts.sample.sources import CITIES, COUNTRIES, REGIONS, Firm, read_rows

Place = dict[str, str]
"""A place as an import file gives it: city, region and country, as far as they are known."""

MOST_PLACES = 5

_PROVINCES = {
    "AB": "Alberta", "BC": "British Columbia", "MB": "Manitoba", "NB": "New Brunswick", "NS": "Nova Scotia",
    "NL": "Newfoundland and Labrador", "ON": "Ontario", "PE": "Prince Edward Island", "QC": "Quebec",
    "SK": "Saskatchewan",
}  # fmt: skip
_ALIASES = {
    "USA": "US", "U.S.": "US", "U.S.A.": "US", "United States of America": "US", "UK": "GB", "England": "GB",
    "Scotland": "GB", "The Netherlands": "NL", "Holland": "NL", "UAE": "AE", "Czech Republic": "CZ", "Turkey": "TR",
    "South Korea": "KR", "Russia": "RU", "Vietnam": "VN", "Hong Kong": "HK", "Taiwan": "TW",
}  # fmt: skip
_BETWEEN = re.compile(r"[,;•*\n&|()/]|\band\b|\. ")
_TIDY = re.compile(
    r"\[([^\]]*)\]\([^)]*\)|[*_#]|<[^>]*>|\b(?:headquarters|headquartered|offices?|based|hq|in)\b:?", re.I
)
_MANY_PEOPLE = 300_000
_METROPOLIS = 2_000_000


class Gazetteer:
    """Countries, regions and cities by folded name, as far as reading offices needs them."""

    def __init__(self, source: Path) -> None:
        self.country_names: dict[str, str] = {}
        self._countries = {fold_name(name): code for name, code in _ALIASES.items()}
        for row in read_rows(source / COUNTRIES):
            name, code = row["CLDR display name"] or row["UNTERM English Short"], row["ISO3166-1-Alpha-2"]
            self.country_names[code] = name
            self._countries[fold_name(name)] = code
        self.country_names |= {"US": "United States", "GB": "United Kingdom"}
        self.states: dict[str, str] = {}
        self._state_codes: dict[str, str] = {}
        for row in read_rows(source / REGIONS):
            if row["country_code"] == "US":
                self.states[row["admin1code"]] = row["name"]
                self._state_codes[fold_name(row["name"])] = row["admin1code"]
        self._cities: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        self.metropolises: list[Place] = []
        for row in read_rows(source / CITIES):
            people = int(row["population"])
            self._cities[fold_name(row["name"])].append((people, row["country_code"], row["admin1code"]))
            country = self.country_names.get(row["country_code"])
            if people >= _METROPOLIS and country:
                self.metropolises.append({"city": row["name"], "country": country})
        for known in self._cities.values():
            known.sort(reverse=True)

    def country(self, text: str) -> str | None:
        """The code of a country's name or alias."""
        return self._countries.get(fold_name(text))

    def state(self, text: str) -> str | None:
        """The code of a state of the United States, by code or name."""
        return text if text in self.states else self._state_codes.get(fold_name(text))

    def city(self, name: str, country: str | None = None, state: str | None = None) -> Place | None:
        """The largest city of that name in the country or state; without either, only a large one."""
        for people, code, region in self._cities.get(fold_name(name), ()):
            if state is not None and (code, region) == ("US", state):
                return {"city": name, "region": self.states[state], "country": "United States"}
            if state is None and (country == code if country else people >= _MANY_PEOPLE):
                if code not in self.country_names:
                    return None
                return {"city": name, "country": self.country_names[code]}
        return None


def places_of(firm: Firm, gazetteer: Gazetteer) -> tuple[list[Place], bool]:
    """The places of a company, its head office first, five at most; and whether all but the first are invented.

    A large listed company gets up to four more offices, drawn among the great cities: its source gives one only.
    """
    if firm.offices_text:
        return _read_offices(firm.offices_text, gazetteer), False
    if not firm.country:
        return [], False
    region = {"United States": gazetteer.states, "Canada": _PROVINCES}.get(firm.country, {}).get(firm.region, "")
    head = {"city": firm.city, "region": region, "country": firm.country}
    places = [{part: text for part, text in head.items() if text}]
    draw = Draw("places", firm.domain)
    more = draw.between(0, 4) if firm.size in ("Large Cap", "Mega Cap") else 1 if draw.chance(0.06) else 0
    places += [place for place in draw.some(gazetteer.metropolises, more) if place.get("city") != firm.city]
    return places[:MOST_PLACES], len(places) > 1


def _read_offices(text: str, gazetteer: Gazetteer) -> list[Place]:
    """The places that a text on offices plainly names: a city with its state or country, a large city or a country."""
    parts = [part.strip(" .:-") for part in _BETWEEN.split(_TIDY.sub(lambda m: m[1] or " ", text))]
    parts = [part for part in parts if part]
    found: list[Place] = []
    position = 0
    while position < len(parts):
        here, after = parts[position], parts[position + 1] if position + 1 < len(parts) else ""
        zone = after.split(" ")[0] if after[:2].isupper() else after
        state, country = gazetteer.state(zone), gazetteer.country(after)
        place = gazetteer.city(here, state=state) if state else gazetteer.city(here, country) if country else None
        own = gazetteer.country(here)
        if own:
            place = {"country": gazetteer.country_names[own]}
        position += 2 if place and not own else 1
        if place is None and not gazetteer.state(here):
            place = gazetteer.city(here)
        if place is not None and place not in found:
            found.append(place)
    return found[:MOST_PLACES]
