"""Every normaliser, whatever text it is given: a value or a ValueError with a short message, in linear time."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given, settings

import letrics.normalize
from letrics.normalize import (
    company_names,
    dates,
    decoded_text,
    domain,
    email,
    email_list,
    empty_cells,
    headcount,
    item_list,
    linkedin_address,
    mailbox_roles,
    month_names,
    person_name,
    phone,
    shared_hosts,
    text,
    time,
    title_words,
    titles,
    truth,
    web_address,
    year,
)
from letrics.normalize.place import (
    address,
    area,
    country_forms,
    country_text,
    enrichment,
    free_text,
    index_keys,
    interpretation,
    matching,
    misplaced,
    names,
    postal,
    provinces,
    resolved,
    resolving,
    several,
    territory,
    wording,
)
from letrics.normalize.titles import title_phrases
from letrics.records import Place
from tests.hostile import TooSlow, bounded, long_texts, texts

KEPT: Final[dict[str, Callable[[str], Any]]] = {
    "dates.read_date": dates.read_date,
    "domain.registrable_domain": domain.registrable_domain,
    "email.read_email": email.read_email,
    "linkedin_address.is_canonical": linkedin_address.is_canonical,
    "linkedin_address.linkedin_page": lambda text: linkedin_address.linkedin_page(text).path,
    "linkedin_address.linkedin_url": linkedin_address.linkedin_url,
    "shared_hosts.company_domain": shared_hosts.company_domain,
    "text.clean": text.clean,
    "time.parse_time": time.parse_time,
    "truth.read_truth": truth.read_truth,
    "web_address.typed_domain": web_address.typed_domain,
    "web_address.web_address": web_address.web_address,
    "year.read_year": year.read_year,
}
"""Normalisers of untrusted text. What they give is stored, so that it must be encodable."""

COMPARED: Final[dict[str, Callable[[str], Any]]] = {
    "company_names.company_name_key": company_names.company_name_key,
    "dates.order_of": dates.order_of,
    "decoded_text.cell_text": decoded_text.cell_text,
    "decoded_text.decode_entities": decoded_text.decode_entities,
    "decoded_text.trim": decoded_text.trim,
    "domain.ascii_labels": domain.ascii_labels,
    "domain.display_domain": domain.display_domain,
    "domain.host_labels": domain.host_labels,
    "domain.host_of": domain.host_of,
    "domain.icann_suffix": domain.icann_suffix,
    "domain.is_registrable": domain.is_registrable,
    "domain.is_top_level_domain": domain.is_top_level_domain,
    "domain.tld_key": domain.tld_key,
    "phone.phone_number": phone.phone_number,
    "item_list.split_items": lambda cell: item_list.split_items(cell, commas=True),
    "empty_cells.is_empty_cell": empty_cells.is_empty_cell,
    "headcount.read_headcount": headcount.read_headcount,
    "email_list.read_emails": email_list.read_emails,
    "email.email_key": email.email_key,
    "email.email_type": email.email_type,
    "place.address.split_tail": address.split_tail,
    "place.address.is_known": address.is_known,
    "place.area.strip_area": area.strip_area,
    "place.country_forms.expanded_names": lambda text: list(country_forms.expanded_names(text)),
    "place.country_forms.other_name": country_forms.other_name,
    "place.country_forms.state_name": country_forms.state_name,
    "place.country_text.read_country": country_text.read_country,
    "place.country_text.split_country": country_text.split_country,
    "place.enrichment.complete_place": lambda name: enrichment.complete_place(name, None, None, name),
    "place.enrichment.continent_name": enrichment.continent_name,
    "place.address.split_province": address.split_province,
    "place.area.names_area": area.names_area,
    "place.free_text.resolve_pair": free_text.resolve_pair,
    "place.free_text.resolve_text": free_text.resolve_text,
    "place.index_keys.place_label": index_keys.place_label,
    "place.matching.bare": matching.bare,
    "place.matching.country_named": matching.country_named,
    "place.matching.inside": lambda name: matching.inside(name, 0),
    "place.matching.regions_named": lambda name: matching.regions_named(name, codes=True),
    "place.matching.wide_or_country": matching.wide_or_country,
    "place.misplaced.is_territory": lambda name: misplaced.is_territory(name, name, name, name),
    "place.misplaced.location_in_country": misplaced.location_in_country,
    "place.misplaced.town_and_region": lambda name: misplaced.town_and_region(name, resolved.Resolved()),
    "place.names.name_key": names.name_key,
    "place.names.split_parts": names.split_parts,
    "place.interpretation.folded_name": interpretation.folded_name,
    "place.interpretation.read_location": interpretation.read_location,
    "place.interpretation.text_key": interpretation.text_key,
    "place.interpretation.understand": interpretation.understand,
    "place.postal.strip_leading_code": postal.strip_leading_code,
    "place.postal.strip_postal_codes": postal.strip_postal_codes,
    "place.provinces.capital_of_province": provinces.capital_of_province,
    "place.resolving.has_marks": resolving.has_marks,
    "place.resolving.has_more_than_name": resolving.has_more_than_name,
    "place.resolving.resolve": lambda name: resolving.resolve(name, None, None, name, None),
    "place.several.split_places": several.split_places,
    "place.territory.names_territory": territory.names_territory,
    "place.wording.drop_work_words": wording.drop_work_words,
    "place.wording.has_work_words": wording.has_work_words,
    "place.wording.is_street": wording.is_street,
    "place.wording.is_surely_street": wording.is_surely_street,
    "place.wording.replace_flags": wording.replace_flags,
    "place.wording.strip_area_words": wording.strip_area_words,
    "company_names.has_legal_form": company_names.has_legal_form,
    "person_name.first_name_first": person_name.first_name_first,
    "person_name.is_last_name_first": person_name.is_last_name_first,
    "person_name.is_salutation": person_name.is_salutation,
    "person_name.turn_at_comma": person_name.turn_at_comma,
    "person_name.without_salutation": person_name.without_salutation,
    "mailbox_roles.is_role": mailbox_roles.is_role,
    "month_names.month_number": month_names.month_number,
    "shared_hosts.is_company_domain": shared_hosts.is_company_domain,
    "shared_hosts.is_shared_domain": shared_hosts.is_shared_domain,
    "text.fold": text.fold,
    "text.fold_name": text.fold_name,
    "text.fold_words": text.fold_words,
    "text.forbidden_character": text.forbidden_character,
    "time.is_written_form": time.is_written_form,
    "title_words.split_words": title_words.split_words,
    "title_words.word_keys": title_words.word_keys,
    "titles.derive": titles.derive,
    "titles.title_phrases.split_title": title_phrases.split_title,
    "web_address.several_addresses": web_address.several_addresses,
    "web_address.split_scheme": web_address.split_scheme,
}
"""Those whose results are only compared or shown."""

NORMALISERS: Final = KEPT | COMPARED

NOT_GIVEN_TEXT: Final = frozenset({"domain.tld_suffixes", "titles.seniority.load"})
"""Functions of a text that another normaliser made, or of the name of a bundled file."""

_SIZE: Final = 30_000
"""Characters of a long text."""
_SECONDS: Final = 0.5
"""Processor time that one may take: a linear normaliser takes some milliseconds, a quadratic one about a second."""
_MESSAGE: Final = 200
"""The most characters of a message."""


def _problem(call: Callable[[str], Any], given: str) -> str | None:
    """What is wrong with how a normaliser takes a text; None where all is well."""
    try:
        with bounded(_SECONDS):
            call(given)
    except TooSlow:
        return "takes too long"
    except ValueError as error:
        return None if type(error) is ValueError and len(str(error)) <= _MESSAGE else f"raises {error!r:.300}"
    except Exception as error:
        return f"raises {type(error).__name__}"
    return None


@pytest.mark.parametrize("name", NORMALISERS)
def test_normaliser_on_long_text_ends(name: str) -> None:
    for long_text in long_texts(_SIZE):
        problem = _problem(NORMALISERS[name], long_text)
        assert problem is None, f"{problem}: {long_text[:20]!r} … {long_text[-10:]!r}"


@pytest.mark.parametrize("name", NORMALISERS)
@settings(deadline=None, max_examples=50)
@given(given_text=texts())
def test_normaliser_on_any_text_gives_or_refuses(name: str, given_text: str) -> None:
    assert _problem(NORMALISERS[name], given_text) is None


@pytest.mark.parametrize("name", KEPT)
@settings(deadline=None, max_examples=200)
@given(given_text=texts())
def test_normaliser_result_can_be_encoded(name: str, given_text: str) -> None:
    try:
        value = KEPT[name](given_text)
    except ValueError:
        return
    assert msgspec.json.decode(msgspec.json.encode(value)) == value


@settings(deadline=None, max_examples=200)
@given(given_text=texts())
def test_place_keys_of_any_text_are_given(given_text: str) -> None:
    place = Place(given_text, given_text, given_text, given_text, given_text, given_text)
    assert all(isinstance(key, str) for key in index_keys.place_keys(place))


@pytest.mark.parametrize("parts", [31, 300, 967, 5_000])
@pytest.mark.parametrize("part", ["a", "Singapore", "Europe", "New York", "Atlantis"])
def test_location_of_many_parts_is_kept_as_text(parts: int, part: str) -> None:
    given = ", ".join([part] * parts)
    assert enrichment.complete_place(None, None, None, given).text == given
    assert [meant.kind for meant in interpretation.read_location(given).read_as] == ["text"]


def test_every_normaliser_is_in_the_table() -> None:
    """A public function of the package whose first argument is a text is a normaliser."""
    found = set()
    for module_info in pkgutil.walk_packages(letrics.normalize.__path__, "letrics.normalize."):
        module = importlib.import_module(module_info.name)
        for name, value in vars(module).items():
            function = inspect.unwrap(value) if callable(value) else None
            if name.startswith("_") or not inspect.isfunction(function) or function.__module__ != module.__name__:
                continue
            first = next(iter(inspect.signature(function).parameters.values()), None)
            if first is not None and first.annotation in ("str", "str | None"):
                found.add(f"{module.__name__.removeprefix('letrics.normalize.')}.{name}")
    assert found - NOT_GIVEN_TEXT == set(NORMALISERS)
