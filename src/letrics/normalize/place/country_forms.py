"""Short forms of the official names of countries, as the World Bank, the UN and tables write them.

`Dem. Rep. Congo`, `Korea Rep`, `Russian Fed.`, `Solomon Is.` and `S. Sudan` become names that the gazetteer has, or a
short name and the words of a form of state around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import Final, NamedTuple

_ABBREVIATIONS: Final = {
    "rep": ("republic",), "repub": ("republic",), "dem": ("democratic",), "fed": ("federal", "federated", "federation"),
    "sts": ("states",), "ppls": ("peoples",), "isl": ("islamic", "islands", "island"), "is": ("islands", "island"),
    "islds": ("islands",), "terr": ("territory", "territories"), "utd": ("united",), "soc": ("socialist",),
    "cent": ("central",), "afr": ("african",), "eq": ("equatorial",), "herz": ("herzegovina",), "barb": ("barbuda",),
    "occ": ("occupied",), "prov": ("province",), "kgdm": ("kingdom",), "n": ("north", "northern", "new"),
    "s": ("south", "southern"), "w": ("western", "west"), "e": ("east", "eastern"),
    "dpr": ("democratic peoples republic",),
    "dr": ("democratic republic",), "pdr": ("peoples democratic republic",),
    "dprk": ("democratic peoples republic of korea",),
    "ur": ("united republic",), "rb": ("bolivarian republic",), "fs": ("federated states",),
    "pr": ("peoples republic",),
    "ar": ("arab republic",), "ir": ("islamic republic",), "fr": ("federal republic",),
}  # fmt: skip
"""Abbreviated words of names of countries, and the words they mean."""
_FORMS: Final = frozenset(
    {
        "republic", "democratic", "peoples", "federal", "federated", "federation", "states", "islamic", "arab",
        "bolivarian", "plurinational", "united", "socialist", "kingdom", "the", "of", "former", "yugoslav",
    }
)  # fmt: skip
"""Words of a form of state."""
_FORM_WORDS: Final = _FORMS - {"the", "of", "states", "united"}
"""The words of a form of state that make a text worth expanding: the others are in many names."""
_OTHER_NAMES: Final = {
    "west bank and gaza": "PS", "occupied palestinian territory": "PS", "occupied palestinian territories": "PS",
    "turks and caicos": "TC", "libyan arab jamahiriya": "LY", "rsa": "ZA", "fyr macedonia": "MK",
    "fyr of macedonia": "MK",
    "tfyr of macedonia": "MK", "tfyr macedonia": "MK", "fyrom": "MK", "kingdom of eswatini": "SZ", "st vincent": "VC",
    "hong kong sar of china": "HK", "china hong kong sar": "HK", "china macao sar": "MO", "china macau sar": "MO",
    "china taiwan": "TW", "wallis and futuna is": "WF", "st pierre and miquelon": "PM", "sao tome and principe": "ST",
    "faeroe islands": "FO", "lao democratic peoples republic": "LA",
    "lao peoples republic": "LA", "uk of great britain and northern ireland": "GB",
}  # fmt: skip
"""Names that the gazetteer lacks, in the form in which names are compared, and the code of the country."""
_MAX_WORDS: Final = 8
"""The maximum number of words of a name."""
_MAX_NAMES: Final = 12
"""The maximum number of expanded names that are tried."""
_MIN_NAME: Final = 4
"""The minimum length of a short name, in characters: shorter ones are codes."""


class StateName(NamedTuple):
    """A short name, and the words of a form of state that were around it."""

    name: str
    form: tuple[str, ...]

    @property
    def is_democratic(self) -> bool:
        """Whether the form distinguishes one of two states with the name."""
        return "democratic" in self.form


def expanded_names(key: str) -> Iterator[str]:
    """Yield the names that a name with abbreviated words can mean, in the form in which names are compared.

    Yields nothing for a name without such words, as most are.
    """
    words = key.split()
    may_be_short = (
        words[-1:] == ["the"] or not _ABBREVIATIONS.keys().isdisjoint(words) or not _FORM_WORDS.isdisjoint(words)
    )
    if not may_be_short or not 1 < len(words) <= _MAX_WORDS:
        return
    for meant in islice(product(*(_ABBREVIATIONS.get(word, (word,)) for word in words)), _MAX_NAMES):
        yield " ".join(meant)


def other_name(key: str) -> str | None:
    """Return the code of a country by a name that the gazetteer lacks."""
    return _OTHER_NAMES.get(key)


def state_name(key: str) -> StateName | None:
    """Split an expanded name into a short name and a form of state; None if it has not both.

    `Republic, MO` has the abbreviation of another place instead of a short name.
    """
    words = key.split()
    form = tuple(word for word in words if word in _FORMS)
    name = " ".join(word for word in words if word not in _FORMS)
    return StateName(name, form) if form and len(name) >= _MIN_NAME else None
