"""Names of months in English, German, French, Spanish, Italian, Portuguese and Dutch, also abbreviated."""

from __future__ import annotations

from typing import Final

from letrics.normalize.text import fold_name

_NAMES: Final = (
    "january jan januar jänner jän janvier janv enero ene gennaio gen janeiro januari",
    "february feb februar feber février févr fév febrero febbraio fevereiro fev februari",
    "march mar mär märz maerz mrz mars marzo março maart mrt",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag maio mei",
    "june jun juni juin junio giugno giu junho",
    "july jul juli juillet juil julio luglio lug julho",
    "august aug août aoû agosto ago augustus",
    "september sep sept septembre septiembre setiembre settembre set setembro",
    "october oct oktober okt octobre octubre ottobre ott outubro out",
    "november nov novembre noviembre novembro",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro",
)
"""The names of each month."""
_MONTHS: Final = {fold_name(name): number for number, names in enumerate(_NAMES, 1) for name in names.split()}


def month_number(name: str) -> int | None:
    """Return the number of a month by its name, ignoring case, accents and a final dot; None for other words."""
    return _MONTHS.get(fold_name(name.removesuffix("."))) if len(name) <= 12 else None
