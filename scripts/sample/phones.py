"""Telephone numbers from ranges reserved for fiction, so that none reaches a person.

Sources: North American Numbering Plan (555-0100 to 555-0199), Ofcom, ACMA, Bundesnetzagentur, ARCEP and PTS, each of
which publishes ranges for drama use. A country without such a range has no numbers here.
"""

from __future__ import annotations

from scripts.sample.draw import Draw

_AREAS = {
    "United States": ("202", "212", "303", "312", "404", "415", "512", "617", "713", "206"),
    "Canada": ("403", "416", "514", "604", "613"),
}
_RANGES = {
    "United Kingdom": (("+44 20 7946 0", 3), ("+44 1632 960", 3), ("+44 7700 900", 3)),
    "Australia": (("+61 2 5550 ", 4), ("+61 3 5550 ", 4)),
    "Germany": (("+49 30 23125", 3), ("+49 69 90009", 3), ("+49 40 66969", 3), ("+49 89 99998", 3)),
    "France": (("+33 1 99 00 ", 4), ("+33 6 39 98 ", 4)),
}


def phone(draw: Draw, country: str | None) -> str | None:
    """A fictional number of the country, None where it has no range for fiction."""
    if country in _AREAS:
        return f"+1-{draw.one(_AREAS[country])}-555-01{draw.below(100):02d}"
    if country == "Sweden":
        return f"+46 70 174 06 {draw.between(5, 99):02d}"
    if country not in _RANGES:
        return None
    prefix, digits = draw.one(_RANGES[country])
    return f"{prefix}{draw.below(10**digits):0{digits}d}"
