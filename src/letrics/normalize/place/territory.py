"""Names of sales territories, which columns of regions have instead of regions: `West`, `US East`, `Region 4`."""

from __future__ import annotations

import re
from typing import Final

_POINT: Final = (
    r"(?:north|south|mid)?[ -]?(?:north|south|east|west|central|cent(?:er|re)|atlantic|pacific|coast)(?:ern)?|"
    r"nord(?:en)?|süd(?:en)?|sued|ost(?:en)?|west(?:en)?|mitte|(?:nord|süd|sued)[ -]?(?:ost|west)|"
    r"sud|est|ouest|nord[ -]?(?:est|ouest|ovest)|sud[ -]?(?:est|ouest|ovest)|ovest|"
    r"norte|sur|sul|este|oeste|leste|centro|nor(?:d)?este|noroeste|sureste|sudeste|suroeste|sudoeste|"
    r"noord|zuid|oost|midden|noord[ -]?(?:oost|west)|zuid[ -]?(?:oost|west)"
)
"""Pattern of a point of the compass in seven languages, also of `Midwest` and `West Coast`."""
_AROUND: Final = r"us|usa|uk|eu|emea|apac|na|de|nl|fr|it|es"
"""Pattern of the abbreviation of what a point of the compass belongs to: `US East`."""
_NUMBERED: Final = (
    r"(?:sales )?(?:region|territory|zone|area|(?:vertriebs)?gebiet|secteur|zona|district)"
    r"(?:[ -]*[0-9]{1,3}|[ -]+[a-z])?"
)
"""Pattern of a numbered territory: `Region 4`."""
_WIDE: Final = (
    r"global|international|world(?:wide)?|domestic|overseas|national|rest of (?:(?:the )?world|europe)|row|roe|"
    r"noram|amers?|mea|apj|sea|cis|semea|middle east(?: (?:and|&) (?:north )?africa)?|inland|ausland|export"
)
"""Pattern of a territory of several countries that is no group of countries here."""
_TERRITORY: Final = re.compile(
    rf"(?:(?:{_AROUND})[ -]+)?(?:{_POINT})(?:[ -]+(?:{_POINT}|{_AROUND}|region|territory))?|{_NUMBERED}|{_WIDE}",
    re.IGNORECASE,
)
"""Matches the name of a territory."""


def names_territory(text: str) -> bool:
    """Return whether a text is the name of a sales territory. Some countries have regions of such names: `North`."""
    return _TERRITORY.fullmatch(text.strip()) is not None
