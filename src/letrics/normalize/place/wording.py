"""Words around the names of places in free text: working arrangements, labels, metropolitan areas and streets."""

from __future__ import annotations

import re
from typing import Final

_WORK: Final = (
    r"(?:(?:100 ?%|fully|full|completely|permanently|mostly|partly|partially|temporarily) )?"
    r"(?:remote(?:ly)?(?:[ -](?:work|working|first|only|friendly|job|position|ok|office|possible))?|remoto|remota|"
    r"work(?:ing)? from (?:home|anywhere)|wfh|home[ -]?office|hybrid(?:e|o)?|híbrido|on[ -]?site|in[ -]office|virtual|"
    r"anywhere|worldwide|world[ -]?wide|distributed|télétravail|teletrabajo|teletrabalho|telelavoro|telearbeit|"
    r"thuiswerken|à distance|tele[ -]?work)"
)
"""Pattern of a working arrangement: `Remote`, `Fully remote`, `Work from home`, `Hybrid`."""
_LABEL: Final = (
    r"(?:(?:global |main |corporate |world )?(?:hq|headquarters?|head[ -]?offices?|main office|headquartered|offices?|"
    r"locations?|based|located)|hauptsitz|firmensitz|standort|sitz|siège(?: social)?|sede(?: central| legale)?|"
    r"hoofdkantoor)"
)
"""Pattern of a label: `HQ`, `Headquarters`, `Standort`."""
_LINK: Final = r"(?: ?[:–—/,-] ?| )(?:(?:in|from|within|across|based in|aus|en|near|nahe|bei) (?:the )?)?"
"""Pattern of what joins such words and a place: `Remote in Germany`, `HQ: Berlin`."""
_PIECES: Final = (
    *(
        "remot",
        "home",
        "wfh",
        "hybrid",
        "híbrid",
        "site",
        "office",
        "virtual",
        "where",
        "wide",
        "distribut",
        "trava",
        "trabal",
        "telew",
    ),
    *(
        "teletrab",
        "telelav",
        "telearb",
        "thuis",
        "distance",
        "hq",
        "headq",
        "locat",
        "based",
        "sitz",
        "standort",
        "siège",
        "sede",
        "kantoor",
    ),
)
"""Pieces of each such word in lower case, so that most texts need no further check."""
_ONLY: Final = re.compile(rf"(?:{_WORK}|{_LABEL})(?:(?: ?[/&+,-] ?| or | and )(?:{_WORK}|{_LABEL}))*", re.IGNORECASE)
"""Matches a text of such words only."""
_BEFORE: Final = re.compile(rf"(?:{_WORK}|{_LABEL}){_LINK}(?=\w)", re.IGNORECASE)
"""Matches such words before a place."""
_AFTER: Final = re.compile(rf"(?: ?[–—/,-] ?| | or | oder | and | & )(?:{_WORK}|{_LABEL})$", re.IGNORECASE)
"""Matches such words after a place."""

_AREA_BEFORE: Final = re.compile(
    r"(?:(?P<wide>region|région|regione|región|região|regio|provincia|province|provinz|bundesland|state|kanton|canton)|"
    r"greater|metro|metropolitan|großraum|grossraum|raum|metropolregion|metropole|métropole|grand|gran|grande|groot|"
    r"area|área metropolitana|area metropolitana|zona metropolitana|aire urbaine|région métropolitaine|"
    r"metropolitan (?:area|region)|metropolitan city|città metropolitana|agglomération|agglomeration|stadt|"
    r"ville|city|omgeving|comune|municipality|ayuntamiento|gemeente|landeshauptstadt|hansestadt|"
    r"freie und hansestadt)(?: (?:of|de|del|di|du|da|do|la|van|von|de la) | d['’]| )(?=\w)",
    re.IGNORECASE,
)
"""Matches words of an area before its name; the group `wide` those that can also mean a whole region."""
_AREA_AFTER: Final = re.compile(
    r"(?: (?P<wide>region|state|province|oblast|prefecture|governorate|canton)|"
    r" (?:metropolitan|metro|urban|greater|metropolitan statistical)[ -](?:area|region|district)|"
    r" (?:metropolitan|metro|metroplex|area|municipality|agglomeration)|"
    r" (?:and|&) (?:surroundings?|surrounding areas?|vicinity|area)|[ -](?:und|u\.) (?:umgebung|umland)|-umland|"
    r" et (?:périphérie|peripherie|environs|sa région|alentours)| y (?:alrededores|cercanías)| e dintorni|"
    r" e (?:região|arredores)| en omgeving| og omegn)$",
    re.IGNORECASE,
)
"""Matches words of an area after its name, with the same group."""
_STREET_WORDS: Final = frozenset(
    (
        *(
            "street",
            "str",
            "strasse",
            "straße",
            "st",
            "road",
            "rd",
            "avenue",
            "ave",
            "av",
            "boulevard",
            "blvd",
            "drive",
        ),
        *(
            "dr",
            "lane",
            "ln",
            "way",
            "parkway",
            "pkwy",
            "highway",
            "hwy",
            "court",
            "ct",
            "square",
            "sq",
            "plaza",
            "platz",
        ),
        *("allee", "weg", "gasse", "ring", "ufer", "damm", "chaussee", "rue", "quai", "impasse", "via", "viale"),
        *("piazza", "corso", "calle", "paseo", "avenida", "rua", "praça", "straat", "laan", "plein", "gracht", "kade"),
        *(
            "suite",
            "ste",
            "floor",
            "fl",
            "building",
            "bldg",
            "tower",
            "unit",
            "room",
            "block",
            "box",
            "postfach",
            "c/o",
        ),
        *("house", "centre", "center", "park", "campus", "terrace", "level", "ul", "ulica", "gade", "vej", "gatan"),
        *("katu", "p.o"),
    )
)
"""Words of a street, a building or a post office box."""
_STREET_ENDINGS: Final = (
    *("straße", "strasse", "str", "platz", "allee", "weg", "gasse", "straat", "laan", "plein", "gracht", "gatan"),
    *("vägen", "gade", "vej", "katu"),
)
"""Ends of such words in languages that join them."""
_SHORT_NUMBER: Final = re.compile(r"\D*(?<!\w)[0-9]{1,3}[A-Za-z]?(?!\w)\D*")
"""Matches a text whose only number is too short for a postal code."""
DIGIT: Final = re.compile(r"\d")
"""Matches a digit."""
_FLAG: Final = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
"""Matches the flag of a country, which consists of two letters of its code."""
MAX_PART: Final = 200
"""The maximum length of a part of a location in which such words are recognised, in characters."""


def has_work_words(text: str) -> bool:
    """Return whether a text can contain words that `drop_work_words` drops."""
    if len(text) > MAX_PART:
        return False
    lower = text.lower()
    for piece in _PIECES:  # noqa: SIM110 (a tenth of the time of one regular expression; `any` takes three times as long)
        if piece in lower:
            return True
    return False


def drop_work_words(text: str) -> str:
    """Return a text without the words of a working arrangement (`Remote`, `Hybrid`) or a label (`HQ:`)."""
    if not has_work_words(text):
        return text
    if _ONLY.fullmatch(text):
        return ""
    while match := _BEFORE.match(text):
        text = text[match.end() :]
    while match := _AFTER.search(text):
        text = text[: match.start()]
    return "" if _ONLY.fullmatch(text) else text


def strip_area_words(part: str) -> tuple[str, bool] | None:
    """Return the name of an area without `Greater`, `Metropolitan Area` and the like; None without such words.

    The second item is true if the words can also mean a whole region, such as `Region` in `Samara Region`.
    """
    if len(part) > MAX_PART:
        return None
    name, wide, metropolitan = part, False, False
    if match := _AREA_AFTER.search(part):
        name = part[: match.start()]
        wide, metropolitan = match["wide"] is not None, match["wide"] is None
    if match := _AREA_BEFORE.match(name):
        name = name[match.end() :]
        wide, metropolitan = wide or match["wide"] is not None, metropolitan or match["wide"] is None
    return (name, wide and not metropolitan) if name != part else None


def replace_flags(text: str) -> str:
    """Replace a text of only a flag by the code of its country. A flag next to words only repeats the country."""
    words = _FLAG.sub(" ", text)
    if words.strip():
        return words
    return " ".join("".join(chr(ord(letter) - 0x1F1E6 + ord("A")) for letter in flag) for flag in _FLAG.findall(text))


def is_street(part: str) -> bool:
    """Return whether a part of an address is a street, a building or a number instead of a place."""
    return DIGIT.search(part) is not None or _has_street_word(part)


def is_surely_street(part: str) -> bool:
    """Return whether a part has the number of a house and is not a place with its postal code."""
    if not DIGIT.search(part):
        return False
    return _SHORT_NUMBER.fullmatch(part[:MAX_PART]) is not None or _has_street_word(part)


def _has_street_word(part: str) -> bool:
    words = [word.strip(".") for word in part.lower().split()]
    return any(word in _STREET_WORDS or word.endswith(_STREET_ENDINGS) for word in words)
