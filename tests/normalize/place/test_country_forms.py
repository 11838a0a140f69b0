"""Short forms of the official names of countries, as the World Bank, the UN and tables write them."""

from __future__ import annotations

import pytest

from letrics.normalize.place import complete_place
from letrics.normalize.place.country_forms import expanded_names, other_name, state_name

NAMES = (
    ("Bahamas, The", "BS"), ("Bahamas The", "BS"), ("The Bahamas", "BS"), ("Brunei Darussalam", "BN"),
    ("Cabo Verde", "CV"), ("Congo, Dem. Rep.", "CD"), ("Congo, Rep.", "CG"), ("Dem. Rep. Congo", "CD"),
    ("Dem. Rep. of the Congo", "CD"), ("Congo Dem Rep", "CD"), ("Congo Rep", "CG"), ("Rep. Congo", "CG"),
    ("Rep. of the Congo", "CG"), ("Republic of Congo", "CG"), ("Democratic Republic of Congo", "CD"),
    ("Democratic Republic of the Congo", "CD"), ("Congo (Dem. Rep.)", "CD"), ("Congo (Rep.)", "CG"),
    ("Congo-Kinshasa", "CD"), ("Congo Kinshasa", "CD"), ("Congo-Brazzaville", "CG"), ("Congo Brazzaville", "CG"),
    ("Congo, Democratic Republic of the", "CD"), ("Congo, the Democratic Republic of the", "CD"),
    ("Congo Democratic Republic", "CD"), ("Congo, Republic of", "CG"), ("DR Congo", "CD"), ("DRC", "CD"),
    ("D.R. Congo", "CD"), ("Cote d'Ivoire", "CI"), ("Côte d’Ivoire", "CI"), ("Ivory Coast", "CI"), ("Curacao", "CW"),
    ("Czech Rep.", "CZ"), ("Czech Rep", "CZ"), ("Czech Republic", "CZ"), ("Dominican Rep.", "DO"),
    ("Dominican Rep", "DO"), ("Egypt, Arab Rep.", "EG"), ("Egypt Arab Rep", "EG"), ("Arab Rep. of Egypt", "EG"),
    ("Eswatini", "SZ"), ("Swaziland", "SZ"), ("Gambia, The", "GM"), ("Gambia The", "GM"),
    ("Hong Kong SAR, China", "HK"), ("Hong Kong SAR China", "HK"), ("Hong Kong SAR", "HK"),
    ("Hong Kong, China", "HK"), ("China, Hong Kong SAR", "HK"), ("China Hong Kong SAR", "HK"),
    ("Macao SAR, China", "MO"), ("Macau SAR China", "MO"), ("China, Macao SAR", "MO"), ("Iran, Islamic Rep.", "IR"),
    ("Iran Islamic Rep", "IR"), ("Islamic Rep. of Iran", "IR"), ("Iran (Islamic Rep. of)", "IR"),
    ("Iran (Islamic Republic of)", "IR"), ("Korea, Rep.", "KR"), ("Korea Rep", "KR"), ("Korea, Rep", "KR"),
    ("Rep. of Korea", "KR"), ("Rep. Korea", "KR"), ("Republic of Korea", "KR"), ("Korea Republic", "KR"),
    ("Korea, Republic of", "KR"), ("Korea (Republic of)", "KR"), ("Korea, South", "KR"), ("Korea South", "KR"),
    ("S. Korea", "KR"), ("S Korea", "KR"), ("Korea, Dem. People's Rep.", "KP"), ("Korea, Dem. People’s Rep.", "KP"),
    ("Korea Dem People's Rep", "KP"), ("Korea, DPR", "KP"), ("Korea DPR", "KP"), ("DPR Korea", "KP"),
    ("Dem. People's Rep. of Korea", "KP"), ("Dem. People's Rep. Korea", "KP"),
    ("Democratic People's Republic of Korea", "KP"), ("Korea, North", "KP"), ("N. Korea", "KP"),
    ("Kyrgyz Republic", "KG"), ("Kyrgyz Rep.", "KG"), ("Lao PDR", "LA"), ("Lao People's Democratic Republic", "LA"),
    ("Lao People's Dem. Rep.", "LA"), ("Lao Dem. People's Rep.", "LA"), ("Laos", "LA"),
    ("Micronesia, Fed. Sts.", "FM"), ("Micronesia Fed Sts", "FM"), ("Micronesia (Fed. States of)", "FM"),
    ("Micronesia (Federated States of)", "FM"), ("Fed. States of Micronesia", "FM"), ("FS Micronesia", "FM"),
    ("North Macedonia", "MK"), ("Macedonia, FYR", "MK"), ("FYR Macedonia", "MK"), ("TFYR of Macedonia", "MK"),
    ("Moldova, Rep.", "MD"), ("Rep. of Moldova", "MD"), ("Republic of Moldova", "MD"), ("Slovak Republic", "SK"),
    ("Slovak Rep.", "SK"), ("St. Kitts and Nevis", "KN"), ("St. Lucia", "LC"), ("St. Martin (French part)", "MF"),
    ("St. Vincent and the Grenadines", "VC"), ("St Vincent & the Grenadines", "VC"), ("Syrian Arab Republic", "SY"),
    ("Syrian Arab Rep.", "SY"), ("Tanzania, United Rep.", "TZ"), ("United Rep. of Tanzania", "TZ"),
    ("U.R. of Tanzania", "TZ"), ("Tanzania, United Republic of", "TZ"), ("Taiwan, China", "TW"),
    ("Taiwan (Province of China)", "TW"), ("Taiwan, Province of China", "TW"), ("Chinese Taipei", "TW"),
    ("Turkiye", "TR"), ("Türkiye", "TR"), ("Venezuela, RB", "VE"), ("Venezuela RB", "VE"),
    ("Venezuela (Bolivarian Republic of)", "VE"), ("Venezuela (Bolivarian Rep. of)", "VE"),
    ("Venezuela, Bolivarian Rep. of", "VE"), ("Bolivia (Plurinational State of)", "BO"),
    ("Bolivia, Plurinational State of", "BO"), ("Vietnam", "VN"), ("Viet Nam", "VN"), ("Virgin Islands (U.S.)", "VI"),
    ("US Virgin Islands", "VI"), ("British Virgin Islands", "VG"), ("Virgin Islands, British", "VG"),
    ("West Bank and Gaza", "PS"), ("State of Palestine", "PS"), ("Palestine, State of", "PS"),
    ("Occ. Palestinian Terr.", "PS"), ("Yemen, Rep.", "YE"), ("Yemen Rep", "YE"), ("Rep. of Yemen", "YE"),
    ("Central African Rep.", "CF"), ("Central African Rep", "CF"), ("Cent. Afr. Rep.", "CF"),
    ("Bosnia & Herz.", "BA"), ("Bosnia and Herz.", "BA"), ("Bosnia-Herzegovina", "BA"), ("Bosnia", "BA"),
    ("Equatorial Guinea", "GQ"), ("Eq. Guinea", "GQ"), ("Papua N. Guinea", "PG"), ("Guinea-Bissau", "GW"),
    ("Guinea Bissau", "GW"), ("Solomon Is.", "SB"), ("Solomon Islands", "SB"), ("Marshall Is.", "MH"),
    ("Marshall Islands", "MH"), ("Falkland Islands (Malvinas)", "FK"), ("Falkland Is.", "FK"), ("Cayman Is.", "KY"),
    ("Cook Is.", "CK"), ("Faroe Is.", "FO"), ("Faeroe Is.", "FO"), ("Trinidad & Tobago", "TT"), ("Trinidad", "TT"),
    ("Antigua & Barbuda", "AG"), ("Antigua and Barb.", "AG"), ("Sao Tome & Principe", "ST"),
    ("São Tomé and Principe", "ST"), ("S. Sudan", "SS"), ("South Sudan", "SS"), ("W. Sahara", "EH"),
    ("Western Sahara", "EH"), ("Timor-Leste", "TL"), ("East Timor", "TL"), ("UK", "GB"), ("U.K.", "GB"),
    ("United Kingdom of Great Britain and Northern Ireland", "GB"), ("UK of Great Britain & N. Ireland", "GB"),
    ("Great Britain", "GB"), ("USA", "US"), ("U.S.A.", "US"), ("United States of America", "US"),
    ("Russian Fed.", "RU"), ("Russian Federation", "RU"), ("Russia", "RU"), ("UAE", "AE"), ("U.A.E.", "AE"),
    ("Utd. Arab Emirates", "AE"), ("United Arab Emirates", "AE"), ("Libyan Arab Jamahiriya", "LY"), ("Libya", "LY"),
    ("Netherlands (the)", "NL"), ("The Netherlands", "NL"), ("Netherlands, The", "NL"),
    ("Netherlands, Kingdom of the", "NL"), ("Philippines (the)", "PH"), ("Sudan (the)", "SD"), ("Niger (the)", "NE"),
    ("Vatican", "VA"), ("Holy See", "VA"), ("Vatican City", "VA"), ("P.R. China", "CN"), ("PR China", "CN"),
    ("China, People's Republic of", "CN"), ("People's Rep. of China", "CN"), ("China PR", "CN"),
    ("Mainland China", "CN"), ("Burma", "MM"), ("Myanmar (Burma)", "MM"), ("Reunion", "RE"), ("Réunion", "RE"),
    ("Saint Barthelemy", "BL"), ("Sint Maarten (Dutch part)", "SX"), ("Turks & Caicos", "TC"),
    ("Turks and Caicos Islands", "TC"), ("Isle of Man", "IM"), ("Kosovo", "XK"), ("Kosovo (UNSCR 1244)", "XK"),
    ("Republic of Ireland", "IE"), ("Ireland, Rep.", "IE"), ("Rep. of Ireland", "IE"), ("Rep. of South Africa", "ZA"),
    ("South Africa, Rep.", "ZA"), ("S. Africa", "ZA"), ("RSA", "ZA"), ("KSA", "SA"), ("Republic of India", "IN"),
    ("Rep. of Cyprus", "CY"), ("Georgia, Rep.", "GE"), ("Rep. of Georgia", "GE"), ("Germany, Fed. Rep.", "DE"),
    ("Fed. Rep. of Germany", "DE"), ("Germany, Federal Republic of", "DE"), ("Federal Republic of Germany", "DE"),
    ("Croatia, Rep.", "HR"), ("Rep. of China", "TW"), ("Somalia, Fed. Rep.", "SO"), ("Brazil, Fed. Rep.", "BR"),
    ("Argentine Republic", "AR"), ("Hellenic Republic", "GR"), ("Swiss Confederation", "CH"),
    ("Islamic Rep. of Pakistan", "PK"), ("Afghanistan, Islamic Republic of", "AF"),
    ("Mauritania, Islamic Rep.", "MR"), ("Gambia, Islamic Rep.", "GM"), ("Sri Lanka, Dem. Soc. Rep.", "LK"),
    ("Dem. Soc. Rep. of Sri Lanka", "LK"), ("Algeria, People's Dem. Rep.", "DZ"), ("Nepal, Fed. Dem. Rep.", "NP"),
    ("Ethiopia, Fed. Dem. Rep.", "ET"), ("Bangladesh, People's Rep.", "BD"), ("Rep. of Singapore", "SG"),
    ("Kingdom of Saudi Arabia", "SA"), ("Saudi Arabia, Kingdom of", "SA"), ("Jordan, Hashemite Kingdom of", "JO"),
    ("Kingdom of Spain", "ES"), ("Principality of Monaco", "MC"), ("Grand Duchy of Luxembourg", "LU"),
    ("Sultanate of Oman", "OM"), ("State of Qatar", "QA"), ("Commonwealth of Australia", "AU"),
    ("Commonwealth of Dominica", "DM"), ("Dominican Republic", "DO"), ("Dominica", "DM"), ("Sudan, Rep.", "SD"),
    ("Guinea, Rep.", "GN"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "code"), NAMES)
def test_name_of_a_country_in_any_form_is_found(name: str, code: str) -> None:
    assert complete_place(None, None, name, None).country_code == code


@pytest.mark.parametrize(
    ("text", "city", "code"),
    [("Seoul, Rep. of Korea", "Seoul", "KR"), ("Kinshasa, Dem. Rep. Congo", "Kinshasa", "CD"), ("Juba, S. Sudan",
     "Juba", "SS"),
     ("Moscow, Russian Fed.", "Moscow", "RU"), ("Republic, MO", "Republic", "US"),
     ("Federal Way, WA", "Federal Way", "US")],
)  # fmt: skip
def test_country_in_a_text_may_be_abbreviated(text: str, city: str, code: str) -> None:
    place = complete_place(None, None, None, text)
    assert (place.city, place.country_code) == (city, code)


@pytest.mark.parametrize(
    "text", ["Rep.", "Dem. Rep.", "N.", "S. Paulo", "N. Jersey", "Old Republic", "United, PA", "Ind. Is."]
)
def test_other_text_is_no_country(text: str) -> None:
    assert complete_place(None, None, text, None).country_code is None


@pytest.mark.parametrize("name", ["berlin", "new york", "n", "the", "one two three four five six seven rep of x"])
def test_name_without_short_forms_is_not_expanded(name: str) -> None:
    assert not list(expanded_names(name))
    assert other_name(name) is None


def test_form_of_state_is_split_from_a_name() -> None:
    state = state_name("congo democratic republic")
    assert state is not None and state.name == "congo" and state.is_democratic
    assert state_name("republic mo") is None
    assert state_name("the republic of") is None
