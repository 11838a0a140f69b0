"""What the gazetteer is built from: GeoNames, country codes, CLDR and the project's own aliases, each as plain rows."""

from __future__ import annotations

import csv
import gzip
import json
import tomllib
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

HOME: Final = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "cs", "ca", "tr", "ro", "hu")
"""Languages whose names of regions are taken as the regions' own; those of the rest are alternates."""
LANGUAGES: Final = (
    *HOME, "no", "nn", "sk", "hr", "sl", "sr", "bs", "bg", "mk", "uk", "ru", "be", "el", "et", "lv", "lt", "is", "ga",
    "cy", "eu", "gl", "sq", "mt", "lb", "ar", "he", "fa", "ur", "hi", "bn", "ta", "te", "mr", "th", "vi", "id", "ms",
    "fil", "ja", "ko", "zh", "zh_Hant", "ka", "hy", "az", "kk", "uz", "sw", "af",
)  # fmt: skip
_NAME_COLUMNS: Final = (
    *(f"official_name_{language}" for language in ("en", "fr", "es", "ru", "ar", "cn")),
    "UNTERM English Short",
    "UNTERM English Formal",
)


@dataclass
class Entity:
    """A country, region or city with its names: the label first, then its own names, then alternates."""

    code: str
    label: str
    parent: str | None
    population: int = 0
    main: set[str] = field(default_factory=set)
    other: set[str] = field(default_factory=set)
    short: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)


_LEFT_OUT: Final = {"Australia and New Zealand", "Micronesia"}
"""Subregions whose name is also that of another group or of a country."""


class Sources:
    """The folder with the tables of GeoNames and of country codes, and CLDR's folder `common`."""

    def __init__(self, tables: Path, cldr: Path) -> None:
        self.tables, self.cldr = tables, cldr
        self.aliases: dict[str, Any] = tomllib.loads(
            (Path(__file__).parent / "gazetteer_aliases.toml").read_text("utf-8")
        )
        groups = json.loads((tables / "country_groups.json").read_text("utf-8"))
        self.continents: dict[str, list[str]] = groups["continents"]
        # The continent of that name includes Central America and the Caribbean; the group must not shadow it.
        self.groups: dict[str, list[str]] = {
            **{name: codes for name, codes in groups["groups"].items() if name != "North America"},
            **{name: codes for name, codes in groups["un_subregions"].items() if name not in _LEFT_OUT},
            **self.aliases["more_groups"],
        }

    def table(self, name: str) -> Iterator[dict[str, str]]:
        path = self.tables / name
        with (
            gzip.open(path, "rt", encoding="utf-8", newline="")
            if name.endswith(".gz")
            else path.open(encoding="utf-8", newline="") as lines
        ):
            yield from csv.DictReader(lines)

    def cldr_names(self, folder: str, tag: str) -> dict[str, list[tuple[str, str]]]:
        """Of each code its names as (language, name), in the order of LANGUAGES."""
        names: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for language in LANGUAGES:
            path = self.cldr / folder / f"{language}.xml"
            if path.exists():
                for element in ET.parse(path).iter(tag):
                    if element.text and element.text != "↑↑↑":
                        names[element.attrib["type"].upper()].append((language, element.text))
        return names

    def countries(self) -> dict[str, Entity]:
        cldr = self.cldr_names("main", "territory")
        continent_of = {code: continent for continent, codes in self.continents.items() for code in codes}
        continent_of["XK"] = "EU"  # Kosovo's code is not in ISO 3166-1, and so in neither table
        found = {}
        for row in [*self.table("country_codes.csv"), {"ISO3166-1-Alpha-2": "XK", "ISO3166-1-Alpha-3": "XKX"}]:
            code = row["ISO3166-1-Alpha-2"].strip()
            label = self.aliases["labels"].get(code) or row.get("CLDR display name") or cldr[code][0][1]
            entity = Entity(code, _plain_label(label), continent_of.get(code))
            entity.main |= {
                entity.label,
                code,
                row["ISO3166-1-Alpha-3"],
                *(n for lang, n in cldr[code] if lang == "en"),
            }
            entity.main |= set(self.aliases["countries"].get(code, ()))
            entity.other |= {name for _, name in cldr[code]}
            for column in _NAME_COLUMNS:
                entity.other.add(row.get(column, "").partition(" (")[0])
            found[code] = entity
        return found

    def regions(self) -> dict[str, Entity]:
        return {
            row["code"]: Entity(
                row["code"],
                self.aliases["labels"].get(row["code"], row["name"]),
                row["country_code"],
                main={row["name"], row["ascii_name"]},
            )
            for row in self.table("geonames_admin1.csv")
        }

    def cities(self) -> dict[str, Entity]:
        found = {}
        for row in self.table("geonames_cities15000.csv.gz"):
            region = f"{row['country_code']}.{row['admin1code']}"
            # A comma in a label would not read as the name it is.
            city = Entity(
                row["geonameid"],
                row["name"].partition(", ")[0],
                region,
                int(row["population"] or 0),
                main={row["name"], row["name"].partition(", ")[0]},
            )
            city.other = set(row["alternatenames"].split("|"))
            found[city.code] = city
        return found


def _plain_label(label: str) -> str:
    # CLDR shows a few countries in a form made for menus: "Hong Kong SAR China", "Côte d’Ivoire".
    return label.removesuffix(" SAR China").replace("’", "'").replace(" & ", " and ")
