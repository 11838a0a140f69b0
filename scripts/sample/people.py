"""Invented people: a given and a family name of one culture, only from the lists next to this file."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from letrics.normalize.text import fold_name
from scripts.sample.draw import Draw

_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa"})


@dataclass(frozen=True, slots=True)
class Person:
    """A name as it is written, and in the letters an address is made of."""

    given: str
    family: str
    family_first: bool
    address_given: str
    address_family: str

    @property
    def full_name(self) -> str:
        """The whole name in the order of its culture; without a space where its script has none."""
        parts = (self.family, self.given) if self.family_first else (self.given, self.family)
        return ("" if all(_is_han(part) for part in parts) else " ").join(part for part in parts if part)


class People:
    """The name lists by culture, and which cultures live in which country."""

    def __init__(self, path: Path | None = None) -> None:
        text = (path or Path(__file__).with_name("names.toml")).read_text("utf-8")
        self._cultures: dict[str, dict[str, Any]] = tomllib.loads(text)
        self._by_country: dict[str, list[str]] = defaultdict(list)
        for culture, lists in self._cultures.items():
            for country in lists["countries"]:
                self._by_country[country].append(culture)

    def person(self, draw: Draw, country: str | None) -> Person:
        """An invented person at a company in `country`: four in five of a culture of that country."""
        local = self._by_country.get(country or "", ())
        culture = draw.one(local) if local and draw.chance(0.8) else draw.one(list(self._cultures))
        lists = self._cultures[culture]
        given, family = draw.one(lists["given"]), draw.one(lists["family"])
        native = draw.chance(0.4)
        return Person(
            _written(given, native), _written(family, native), bool(lists.get("family_first")),
            _letters(given, culture), _letters(family, culture),
        )  # fmt: skip


def _written(name: str, native: bool) -> str:
    own, _, latin = name.partition("|")
    return own if native or not latin else latin


def _letters(name: str, culture: str) -> str:
    latin = name.rpartition("|")[2].lower()
    if culture in ("german", "nordic"):
        latin = latin.translate(_SPELLED_OUT)
    return re.sub(r"[^a-z]+", "-", fold_name(latin).replace("'", "").replace("’", "")).strip("-")


def _is_han(text: str) -> bool:
    return bool(text) and all(unicodedata.name(c, "").startswith(("CJK", "HANGUL")) for c in text)
