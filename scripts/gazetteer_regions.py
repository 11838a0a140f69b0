"""Names and ISO 3166-2 codes of regions: CLDR's subdivisions met with GeoNames' regions by their names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Final

from letrics.normalize.place.names import name_key
from scripts.gazetteer_sources import HOME, Entity, Sources

_GENERIC: Final = re.compile(
    r"\b(?:province|region|state|governorate|county|district|department|departamento|oblast|krai|kray|prefecture"
    r"|voivodeship|canton|emirate|municipality|parish|republic|division|autonomous|city|do|si|of|de|provincia|provincie"
    r"|capital|raion|rayon|federal|territory|special|metropolitan|al|ar|ash|as|ad|an|at|az|el)\b"
)


def name_regions(sources: Sources, regions: dict[str, Entity]) -> None:
    """Give every region its ISO 3166-2 code, its names in other languages and its abbreviations."""
    names = sources.cldr_names("subdivisions", "subdivision")
    by_country: dict[str, list[Entity]] = defaultdict(list)
    for region in regions.values():
        by_country[str(region.parent)].append(region)
    of_iso = {iso: code for iso, code in sources.aliases["iso"].items() if code in regions}
    for iso, given in names.items():
        code = f"{iso[:2]}-{iso[2:]}"
        if code not in of_iso and (met := _meet(by_country[iso[:2]], [name for _, name in given])):
            of_iso[code] = met.code
    alone = sources.aliases["abbreviations"]["alone"]
    for iso, code in of_iso.items():
        country, _, suffix = iso.partition("-")
        region = regions[code]
        region.main.add(iso)
        if not suffix.isdigit():
            (region.short if country in alone else region.codes).add(suffix)
        for language, name in names.get(iso.replace("-", ""), ()):
            (region.main if language in HOME else region.other).add(name)
    for code, further in sources.aliases["regions"].items():
        regions[code].main |= set(further)
    for code, further in sources.aliases["abbreviations"]["further"].items():
        regions[code].short |= set(further)
    for siblings in by_country.values():
        _strip(siblings)
        _settle(siblings)


def _meet(siblings: list[Entity], names: list[str]) -> Entity | None:
    """The one of a country's regions that shares a name, whole or without its generic words."""
    for form in (name_key, _bare):
        keys = {form(name) for name in names} - {""}
        met = [region for region in siblings if keys & {form(name) for name in region.main}]
        if len(met) == 1:
            return met[0]
        if met:
            first = form(names[0])
            exact = [region for region in met if first in {form(name) for name in region.main}]
            return exact[0] if len(exact) == 1 else None
    return None


def _bare(name: str) -> str:
    return " ".join(_GENERIC.sub(" ", name_key(name)).split())


def _strip(siblings: list[Entity]) -> None:
    """`Łódź Voivodeship` is also known as Łódź, where no other region of the country would be."""
    bare = Counter(key for region in siblings for key in {_bare(name) for name in region.main})
    for region in siblings:
        region.main |= {key for name in region.main if (key := _bare(name)) and bare[key] == 1 and len(key) > 3}


def _settle(siblings: list[Entity]) -> None:
    """A name of several regions of one country stays with the one that is labelled so, if there is one."""
    labels = {name_key(region.label): region for region in siblings}
    for region in siblings:
        for given in (region.main, region.other):
            given -= {name for name in given if labels.get(name_key(name), region) is not region}
