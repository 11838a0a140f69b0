"""Free text of stored locations: addresses, postal codes, areas, remote work, other orders and separators."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.normalize.place import complete_place, place_keys
from letrics.normalize.place.free_text import resolve_pair, resolve_text
from letrics.normalize.place.resolved import Resolved
from tests.normalize.place.places import is_matched

Parts = tuple[str | None, str | None, str | None]

BERLIN: Parts = ("Berlin", "Berlin", "DE")
FRISCO: Parts = ("San Francisco", "California", "US")
PARIS: Parts = ("Paris", "Île-de-France", "FR")
LONDON: Parts = ("London", "England", "GB")
NEW_YORK: Parts = ("New York City", "New York", "US")
NOTHING: Parts = (None, None, None)

POSTAL: dict[str, Parts] = {
    "10115 Berlin, Germany": BERLIN,
    "10115 BERLIN": BERLIN,
    "D-10115 Berlin": BERLIN,
    "Berlin 10115": BERLIN,
    "Berlin, 10115": BERLIN,
    "Berlin, 10115, Germany": BERLIN,
    "San Francisco, CA 94105": FRISCO,
    "San Francisco CA 94105": FRISCO,
    "San Francisco, CA 94105-1234, USA": FRISCO,
    "San Francisco, California 94105": FRISCO,
    "Boston, MA, 02110, US": ("Boston", "Massachusetts", "US"),
    "Washington, DC 20500": ("Washington", "District of Columbia", "US"),
    "75008 Paris": PARIS,
    "F-75008 Paris": PARIS,
    "75016 Paris Cedex 16": PARIS,
    "London SW1A 1AA": LONDON,
    "london sw1a1aa": LONDON,
    "Cambridge CB2 1TN": ("Cambridge", "England", "GB"),
    "1012 AB Amsterdam": ("Amsterdam", "North Holland", "NL"),
    "1012AB AMSTERDAM": ("Amsterdam", "North Holland", "NL"),
    "Toronto, ON M5V 2T6": ("Toronto", "Ontario", "CA"),
    "H3B 4W5 Montreal": ("Montréal", "Quebec", "CA"),
    "D02 X285 Dublin": ("Dublin", "Leinster", "IE"),
    "Dublin 2, Ireland": ("Dublin", "Leinster", "IE"),
    "CH-8001 Zürich": ("Zürich", "Zurich", "CH"),
    "8001 Zürich": ("Zürich", "Zurich", "CH"),
    "9000 St. Gallen": ("Sankt Gallen", "Saint Gallen", "CH"),
    "SE-111 22 Stockholm": ("Stockholm", "Stockholm", "SE"),
    "111 22 Stockholm": ("Stockholm", "Stockholm", "SE"),
    "00-950 Warszawa": ("Warsaw", "Mazovia", "PL"),
    "1000-001 Lisboa": ("Lisbon", "Lisbon", "PT"),
    "01310-100 São Paulo - SP": ("São Paulo", "São Paulo", "BR"),
    "Tokyo 100-0001, Japan": ("Tokyo", "Tokyo", "JP"),
    "〒100-0001 Tokyo": ("Tokyo", "Tokyo", "JP"),
    "Mumbai - 400001, Maharashtra, India": ("Mumbai", "Maharashtra", "IN"),
    "Bengaluru 560 001": ("Bengaluru", "Karnataka", "IN"),
    "Sydney NSW 2000": ("Sydney", "New South Wales", "AU"),
    "10115 Kleinstadt, Germany": ("Kleinstadt", None, "DE"),
    "SW1A 1AA": (None, None, "GB"),
    "10115": NOTHING,
    "5 Berlin": NOTHING,
    "20121 Milano (MI)": ("Milan", "Lombardy", "IT"),
    "20121 Milano MI": ("Milan", "Lombardy", "IT"),
    "Milano, MI": ("Milan", "Lombardy", "IT"),
    "Via Toledo 1, 80134 Napoli (NA), Italia": ("Naples", "Campania", "IT"),
    "Roma RM": ("Rome", "Lazio", "IT"),
    "Verona, NJ": ("Verona", "New Jersey", "US"),
    "69120 Heidelberg": ("Heidelberg", "Baden-Wurttemberg", "DE"),
    "Hauptstr. 12, 48145 Munster": ("Münster", "North Rhine-Westphalia", "DE"),
    "West Perth, WA 6005": ("West Perth", "Western Australia", "AU"),
    "300 Hsinchu City, Taiwan": (None, None, "TW"),
}

ADDRESSES: dict[str, Parts] = {
    "Unter den Linden 1, 10117 Berlin, Germany": BERLIN,
    "Unter den Linden 1, 10117 Berlin": BERLIN,
    "Unter den Linden 1 10117 Berlin": BERLIN,
    "Unter den Linden 1, Berlin": BERLIN,
    "Some Street 1, Berlin, DE": BERLIN,
    "Wilmington Road 1, Wilmington, DE 19801": ("Wilmington", "Delaware", "US"),
    "0 Main St, San Francisco, California, United States": FRISCO,
    "0 Main St, San Francisco, CA 94105": FRISCO,
    "0 Main St San Francisco CA 94105": FRISCO,
    "Suite 400, 123 Main St, Boston, MA 02110": ("Boston", "Massachusetts", "US"),
    "123 Main St., Boston MA": ("Boston", "Massachusetts", "US"),
    "350 5th Ave, New York, NY 10118": NEW_YORK,
    "1600 Amphitheatre Pkwy, Mountain View, CA 94043, USA": ("Mountain View", "California", "US"),
    "10 Downing Street, London SW1A 2AA, UK": LONDON,
    "10 Downing Street London SW1A 2AA": LONDON,
    "1st Floor, 20 Old Street, London EC1V 9AB, United Kingdom": LONDON,
    "12 rue de Rivoli, 75001 Paris": PARIS,
    "Calle Mayor 1, 28013 Madrid, España": ("Madrid", "Madrid", "ES"),
    "Via Roma 1, 00184 Roma, Italia": ("Rome", "Lazio", "IT"),
    "Postbus 100, 1000 AA Amsterdam": ("Amsterdam", "North Holland", "NL"),
    "Level 5, 1 Martin Place, Sydney NSW 2000": ("Sydney", "New South Wales", "AU"),
    "Av. Paulista, 1000 - São Paulo - SP, 01310-100, Brasil": ("São Paulo", "São Paulo", "BR"),
    "Hauptstr. 5, 12345 Kleinstadt, Germany": ("Kleinstadt", None, "DE"),
    "Hauptstr. 5, Germany": (None, None, "DE"),
    "Route 66, Arizona": (None, "Arizona", "US"),
    "Calle Madrid 5, Spain": (None, None, "ES"),
    "Orange Tower, Springfield, US": ("Springfield", None, "US"),
}

AREAS: dict[str, Parts] = {
    "Greater London": LONDON,
    "Greater London, United Kingdom": LONDON,
    "Greater London, England, United Kingdom": LONDON,
    "London Area, United Kingdom": LONDON,
    "LONDON AREA, UNITED KINGDOM": LONDON,
    "Greater Paris Metropolitan Region": PARIS,
    "Greater Paris Metropolitan Region, France": PARIS,
    "Paris et périphérie": PARIS,
    "SF Bay Area": FRISCO,
    "San Francisco Bay Area": FRISCO,
    "san francisco bay area, ca": FRISCO,
    "San Francisco Bay Area, United States": FRISCO,
    "New York City Metropolitan Area": NEW_YORK,
    "Greater New York City Area": NEW_YORK,
    "Berlin Metropolitan Area": BERLIN,
    "Berlin und Umgebung": BERLIN,
    "Großraum Berlin": BERLIN,
    "Dallas-Fort Worth Metroplex": ("Dallas", "Texas", "US"),
    "Dallas/Fort Worth Area": ("Dallas", "Texas", "US"),
    "Greater Minneapolis-St. Paul Area": ("Minneapolis", "Minnesota", "US"),
    "Raleigh-Durham-Chapel Hill Area": ("Raleigh", "North Carolina", "US"),
    "Washington DC-Baltimore Area": ("Washington", "District of Columbia", "US"),
    "Portland, Oregon Metropolitan Area": ("Portland", "Oregon", "US"),
    "Springfield, Massachusetts Metropolitan Area": ("Springfield", "Massachusetts", "US"),
    "Toronto, Canada Area": ("Toronto", "Ontario", "CA"),
    "Greater Delhi Area": ("Delhi", "Delhi", "IN"),
    "Mumbai Metropolitan Region": ("Mumbai", "Maharashtra", "IN"),
    "Área metropolitana de Barcelona": ("Barcelona", "Catalonia", "ES"),
    "Cologne Bonn Region": ("Köln", "North Rhine-Westphalia", "DE"),
    "Rhine-Ruhr": (None, "North Rhine-Westphalia", "DE"),
    "Rhine-Ruhr Metropolitan Region, Germany": (None, "North Rhine-Westphalia", "DE"),
    "The Randstad, Netherlands": (None, None, "NL"),
    "Silicon Valley": (None, "California", "US"),
    "Samara Region": (None, "Samara Oblast", "RU"),
    "Kanton Zürich": (None, "Zurich", "CH"),
    "Madrid Region": (None, "Madrid", "ES"),
    "Greater Cambridge Area": ("Cambridge", "England", "GB"),
    "Greater Springfield Area": (None, None, "US"),
    "Greater London, Ontario": ("London", "Ontario", "CA"),
}

WORK: dict[str, Parts] = {
    "Remote": NOTHING,
    "Fully remote": NOTHING,
    "Work from home": NOTHING,
    "Anywhere": NOTHING,
    "Worldwide": NOTHING,
    "Hybrid / Remote": NOTHING,
    "Remote - US": (None, None, "US"),
    "Remote, USA": (None, None, "US"),
    "US-Remote": (None, None, "US"),
    "Remote US": (None, None, "US"),
    "Remote (Germany)": (None, None, "DE"),
    "Germany (Remote)": (None, None, "DE"),
    "Remote in Germany": (None, None, "DE"),
    "Remote: United Kingdom": (None, None, "GB"),
    "Anywhere in the US": (None, None, "US"),
    "Berlin (Remote)": BERLIN,
    "Berlin or remote": BERLIN,
    "Berlin / Remote": BERLIN,
    "Berlin, Germany (Hybrid)": BERLIN,
    "HQ: Berlin, Germany": BERLIN,
    "San Francisco (HQ)": FRISCO,
}

FORMS: dict[str, Parts] = {
    "BERLIN, GERMANY": BERLIN,
    "berlin germany": BERLIN,
    "Berlin (Germany)": BERLIN,
    "Berlin - Germany": BERLIN,
    "Berlin / Germany": BERLIN,
    "Germany, Berlin": BERLIN,
    "Germany - Berlin": BERLIN,
    "Berlin 🇩🇪": BERLIN,
    "🇩🇪 Germany": (None, None, "DE"),
    "🇩🇪": (None, None, "DE"),
    "US, CA, San Francisco": FRISCO,
    "USA - California": (None, "California", "US"),
    "Paris France": PARIS,
    "Paris, Texas": ("Paris", "Texas", "US"),
    "Austin, TX": ("Austin", "Texas", "US"),
    "New York NY": NEW_YORK,
    "München": ("Munich", "Bavaria", "DE"),
    "Muenchen, Deutschland": ("Munich", "Bavaria", "DE"),
    "Île-de-France": (None, "Île-de-France", "FR"),
    "Roma": ("Rome", "Lazio", "IT"),
    "東京": ("Tokyo", "Tokyo", "JP"),
    "Frankfurt (Main)": ("Frankfurt am Main", "Hesse", "DE"),
    "Frankfurt (Oder)": ("Frankfurt (Oder)", "Brandenburg", "DE"),
    "Lviv (Ukraine)": ("Lviv", "Lviv", "UA"),
    "Seoul, Korea, Republic of": ("Seoul", "Seoul", "KR"),
    "Kinshasa, Congo, Dem. Rep.": ("Kinshasa", "Kinshasa", "CD"),
    "Deutschland": (None, None, "DE"),
    "DE": (None, None, "DE"),
    "US-CA": (None, "California", "US"),
    "Santa Clara County, CA": ("Santa Clara County", "California", "US"),
}

UNCERTAIN: dict[str, Parts] = {
    "Cambridge": NOTHING,
    "San Jose": NOTHING,
    "Victoria": NOTHING,
    "Smallville, DE": NOTHING,
    "Smallville, CA": NOTHING,
    "Berlin / Paris": NOTHING,
    "Zzyzx": NOTHING,
    "Chu-nan (Taiwan)": ("Chu-nan", None, "TW"),
    "Australia - Alexandria": ("Alexandria", None, "AU"),
    "Mexico City, DF, Mexico": ("Mexico City", "Mexico City", "MX"),
    "Turin, TO, Italy": ("Turin", "Piedmont", "IT"),
    "Santa Fe (Mexico)": ("Santa Fe", None, "MX"),
    "Acme has its offices in many places of the world and its head office, as far as anybody who works there knows, "
    "is in a small town near Boston, Massachusetts": NOTHING,
    "n. a.": NOTHING,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [*(POSTAL | ADDRESSES | AREAS | WORK | FORMS | UNCERTAIN).items()],
    ids=lambda value: str(value),
)
def test_free_text_gives_the_certain_parts(text: str, expected: Parts) -> None:
    place = complete_place(None, None, None, text)
    assert (place.city, place.region, place.country_code) == expected
    assert place.text == text
    assert is_matched(text, place)


def test_remote_on_a_continent_keeps_the_continent() -> None:
    assert complete_place(None, None, None, "Remote - Europe").continent == "Europe"


def test_resolve_text_of_a_long_text_is_empty() -> None:
    assert resolve_text("Berlin, " * 200) == Resolved()


TOWNS = [
    "Berlin",
    "Springfield",
    "New York",
    "Buenos Aires",
    "Kleinstadt",
    "Foo Bar",
    "Greater London",
    "-",
    "",
    "Georgia",
]

WORDS = st.sampled_from(
    ["Berlin", "10115", "Germany", "DE", "CA", "94105", "TX", "Paris", "Greater", "Metropolitan Area", "Remote", "a",
     "SW1A 1AA", "Main St", "12", "US", "San Francisco", "Bay Area", "(", ")", "Springfield", "Region", "🇩🇪", "London",
     "Georgia", "Europe", "EU", "Cambridge", "1012 AB", "Hong Kong", "Hybrid", "HQ:", "Str.", "-", "/", ",", ";", "DC",
     "County", "Moscow", "Washington", "Korea", "Republic of", "Kleinstadt", "Buenos Aires", "San Jose", "New York"]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=7).map(" ".join) | st.lists(WORDS, max_size=4).map(", ".join) | st.text(max_size=30)


@given(TEXTS)
def test_any_text_is_kept_and_read_the_same_again(text: str) -> None:
    place = complete_place(None, None, None, text)
    assert place.text == (text.strip() or None)
    assert complete_place(None, None, None, place.text) == place
    again = complete_place(place.city, place.region, place.country, place.text, place.country_code, place.continent)
    assert again == place
    assert place_keys(again) == place_keys(place)
    if text.strip():
        assert is_matched(text, place)


@given(
    st.sampled_from(TOWNS), st.sampled_from(["Germany", "DE", "CA", "US", "Georgia", "UK", "Hong Kong", "Europe", " "])
)
def test_resolve_pair_gives_what_the_general_way_gives(town: str, country: str) -> None:
    found = resolve_pair(f"{town}, {country}")
    if found is not None:
        assert found == resolve_text(f"{town} ,, {country}")


def test_resolve_text_splits_at_several_spaces() -> None:
    found = resolve_text("1 Main St  Austin, TX 73301  US")
    assert found == resolve_text("1 Main St, Austin, TX 73301, US")
    assert found.city is not None
