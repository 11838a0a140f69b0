"""Names and codes of a country in a column of countries."""

from __future__ import annotations

import pytest

from letrics.normalize.place.country_text import read_country
from letrics.normalize.place.gazetteer import gazetteer

NAMES = {
    "DE": "Germany|GERMANY|Deutschland|Allemagne|Alemania|Germania|Alemanha|Duitsland|DE|de|DEU|Germany (DE)|"
    "DE - Germany|🇩🇪|🇩🇪 Germany|Federal Republic of Germany|la República Federal de Alemania",
    "US": "US|USA|U.S.A.|United States|the United States|United States of America (USA)|États-Unis|Estados Unidos|"
    "Stati Uniti|Vereinigte Staaten|Verenigde Staten|US - United States|Remote - US",
    "GB": "UK|U.K.|GB|GBR|Great Britain|United Kingdom of Great Britain and Northern Ireland (the)",
    "KR": "Korea, Republic of|Korea (the Republic of)|Korea, Rep.|South Korea|Republic of Korea|KOR|Corée du Sud",
    "CD": "Congo, the Democratic Republic of the|Congo (the Democratic Republic of the)|DR Congo|"
    "Congo, Dem. Rep.|Congo (Dem. Rep.)|Congo, Democratic Republic|Congo, DR",
    "CG": "Congo|Congo, Rep.|Republic of the Congo|Congo (Brazzaville)",
    "KP": "Korea, Dem. People's Rep.|Korea, Dem. Rep.|Korea (DPR)|Korea, Democratic People's Republic|North Korea",
    "LA": "Laos, People's Democratic Republic|Lao People's Democratic Republic",
    "VN": "Viet Nam|Vietnam|VNM",
    "TR": "Türkiye|Turkiye|Turkey|Türkei|Turquie|Turquía|Turchia|Turquia|Turkije",
    "XK": "Kosovo|XK|Kosova",
    "HK": "Hong Kong|Hong Kong SAR|HKG|Hong Kong S.A.R.",
    "CZ": "Czechia|Czech Republic|Tschechien|Česko",
    "NL": "Netherlands|The Netherlands|Netherlands (the)|Holland|Pays-Bas|Países Bajos|Niederlande|Nederland",
    "BE": "Belgique (la)|le Royaume de Belgique|Belgien|Bélgica|Belgio|België",
    "IR": "Iran, Islamic Republic of|Iran (Islamic Republic of)",
    "BO": "Bolivia (Plurinational State of)|Bolivia, Plurinational State of",
    "NA": "NA|Namibia|NAM",
    "CI": "Côte d'Ivoire|Cote D'Ivoire|Ivory Coast|Elfenbeinküste",
}


@pytest.mark.parametrize(("text", "code"), [(text, code) for code, names in NAMES.items() for text in names.split("|")])
def test_read_country_accepts_names_and_codes(text: str, code: str) -> None:
    assert read_country(text) == gazetteer().country_by_code(code)


@pytest.mark.parametrize(
    "text",
    ["", "-", "XX", "EN", "Remote", "Neverland", "Germany / France", "la República Democrática del Congo", "a" * 300],
)
def test_read_country_of_anything_else_is_none(text: str) -> None:
    assert read_country(text) is None
