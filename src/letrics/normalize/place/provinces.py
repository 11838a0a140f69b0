"""Italian provinces, whose two letters follow a town in addresses (`20121 Milano (MI)`), by their capitals.

Many of the codes are also those of a country (`NA`) or of a state of the USA (`MI`).
"""

from __future__ import annotations

from functools import cache
from typing import Final

from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.matching import inside, the_one
from letrics.normalize.place.names import name_key

_CAPITALS: Final = (
    "AG Agrigento|AL Alessandria|AN Ancona|AO Aosta|AP Ascoli Piceno|AQ L'Aquila|AR Arezzo|AT Asti|AV Avellino|"
    "BA Bari|BG Bergamo|BI Biella|BL Belluno|BN Benevento|BO Bologna|BR Brindisi|BS Brescia|BT Andria|BZ Bolzano|"
    "CA Cagliari|CB Campobasso|CE Caserta|CH Chieti|CL Caltanissetta|CN Cuneo|CO Como|CR Cremona|CS Cosenza|"
    "CT Catania|CZ Catanzaro|EN Enna|FC Forlì|FE Ferrara|FG Foggia|FI Firenze|FM Fermo|FR Frosinone|GE Genova|"
    "GO Gorizia|GR Grosseto|IM Imperia|IS Isernia|KR Crotone|LC Lecco|LE Lecce|LI Livorno|LO Lodi|LT Latina|"
    "LU Lucca|MB Monza|MC Macerata|ME Messina|MI Milano|MN Mantova|MO Modena|MS Massa|MT Matera|NA Napoli|"
    "NO Novara|NU Nuoro|OR Oristano|PA Palermo|PC Piacenza|PD Padova|PE Pescara|PG Perugia|PI Pisa|PN Pordenone|"
    "PO Prato|PR Parma|PT Pistoia|PU Pesaro|PV Pavia|PZ Potenza|RA Ravenna|RC Reggio Calabria|RE Reggio Emilia|"
    "RG Ragusa|RI Rieti|RM Roma|RN Rimini|RO Rovigo|SA Salerno|SI Siena|SO Sondrio|SP La Spezia|SR Siracusa|"
    "SS Sassari|SV Savona|TA Taranto|TE Teramo|TN Trento|TO Torino|TP Trapani|TR Terni|TS Trieste|TV Treviso|"
    "UD Udine|VA Varese|VB Verbania|VC Vercelli|VE Venezia|VI Vicenza|VR Verona|VT Viterbo|VV Vibo Valentia"
)
"""The code and the capital of each province."""


@cache
def _capitals() -> dict[str, tuple[str, int]]:
    italy = gazetteer().country_by_code("IT")
    found: dict[str, tuple[str, int]] = {}
    for line in _CAPITALS.split("|") if italy is not None else ():
        code, _, name = line.partition(" ")
        town = the_one([e for e in inside(name, italy) if gazetteer().is_city(e)]) if italy is not None else None
        if town is not None:
            found[code] = (name_key(name), town)
    return found


def capital_of_province(code: str, town: str | None = None) -> int | None:
    """Return the capital of the Italian province with that code; with a town, only if the capital has that name."""
    name, capital = _capitals().get(code.strip().upper(), ("", None))
    return capital if town is None or name == name_key(town) else None
