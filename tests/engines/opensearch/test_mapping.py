"""The mapping: the fields of each index, and what the server's analyzers make of texts."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.mapping import (
    END,
    SPACED,
    TRIGRAMS,
    WORDS,
    facet_name,
    field_name,
    flags_name,
    index_body,
    spaced_trigrams,
)
from letrics.engines.opensearch.names import PARTS, IndexNames
from letrics.fields import COMPANY_NAME, CONTACT_LOCATIONS, CONTACT_UPDATED, FULL_NAME, JOB_TITLE, facts_of
from letrics.normalize.text import fold_words
from letrics.normalize.title_words import split_words
from letrics.records import KINDS, Kind
from tests.engines.opensearch.cluster import make_client, new_names

ALPHABET = "ab +#!\"$%&'()*,-./:;<=>?@[\\]^_`{|}~éßи業𝒳\u0301\u200d\u3000"
TEXTS = ("C++ developer", "R&D / sales", "営業部長", "señor 𝒳-ray", "naïve", "a", "ab", "[x]^y\\z{|}~", "x" * 9_000)


@pytest.mark.parametrize("kind", KINDS)
def test_index_body_has_a_field_for_every_fact(kind: Kind) -> None:
    properties = index_body(kind)["mappings"]["properties"]
    for fact in facts_of(kind):
        name = flags_name(fact.owner) if fact.kind == "flag" else field_name(fact)
        assert properties[name]["type"] == ("long" if fact.kind in ("time", "number") else "keyword")
    assert field_name(CONTACT_UPDATED) in index_body("contacts")["mappings"]["properties"]


def test_facet_name_of_locations_is_a_separate_field() -> None:
    assert facet_name(CONTACT_LOCATIONS) == "contact_locations_facet"
    assert facet_name(JOB_TITLE) == field_name(JOB_TITLE) == "contact_job_title"
    assert CONTACT_LOCATIONS.primary is not None
    assert facet_name(CONTACT_LOCATIONS.primary) == "contact_primary_location"


def test_whole_words_are_indexed_where_their_text_belongs() -> None:
    contacts, companies = (index_body(kind)["mappings"]["properties"] for kind in ("contacts", "companies"))
    assert contacts[field_name(JOB_TITLE)]["fields"][WORDS]["index_options"] == "positions"
    for own in (contacts[field_name(FULL_NAME)], companies[field_name(COMPANY_NAME)]):
        assert own["fields"][WORDS]["index_options"] == "docs"
    assert list(contacts[field_name(COMPANY_NAME)]["fields"]) == [TRIGRAMS]


def test_index_body_has_shards_and_replicas() -> None:
    for part in PARTS:
        settings = index_body(part, shards=3, replicas=2)["settings"]["index"]
        assert settings["number_of_replicas"] == 2 and settings["refresh_interval"] == "-1"
        assert settings["number_of_shards"] == (1 if part == "dictionary" else 3)
        assert index_body(part)["mappings"]["_source"]["enabled"] == (part == "dictionary")


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    client = make_client()
    yield client
    client.close()


@pytest.fixture(scope="module")
def index(client: Client) -> Iterator[str]:
    """An empty index of contacts."""
    names: IndexNames = new_names()
    index = names.index("contacts", "0")
    client.request_blocking("PUT", f"/{index}", index_body("contacts"), seconds=60)
    yield index
    client.request_blocking("DELETE", f"/{index}")


def analyzed(client: Client, index: str, analyzer: str, texts: list[str]) -> list[tuple[str, int]]:
    """The tokens of the texts with their positions."""
    reply = client.request_blocking("POST", f"/{index}/_analyze", {"analyzer": analyzer, "text": texts}, seconds=60)
    return [(token["token"], token["position"]) for token in reply["tokens"]]


def folded_texts(seed: int) -> list[str]:
    """Texts as documents have them, with their end."""
    rng = random.Random(seed)
    drawn = ["".join(rng.choices(ALPHABET, k=rng.randrange(1, 12))) for _ in range(200)]
    return [folded + END for text in (*TEXTS, *drawn) if (folded := fold_words(text))]


def test_words_are_those_of_the_program(client: Client, index: str, seed: int) -> None:
    texts = folded_texts(seed)
    expected = [word[:8_191] for text in texts for word in split_words(text)]
    assert [token for token, _ in analyzed(client, index, WORDS, texts)] == expected


def test_trigrams_begin_at_every_character(client: Client, index: str, seed: int) -> None:
    for text in folded_texts(seed)[:60]:
        expected = [(text[at : at + 3], at) for at in range(len(text) - 2)]
        if len(text) < 5_000:
            assert analyzed(client, index, TRIGRAMS, [text]) == expected


def test_spaced_trigrams_cover_the_text(client: Client, index: str, seed: int) -> None:
    texts = [text.removesuffix(END) for text in folded_texts(seed)]
    chosen = [text for text in texts if 3 < len(text) < 5_000][:40]
    for text in (*chosen, "a - - b", "-----", "abcdefg"):
        tokens = analyzed(client, index, SPACED, [spaced_trigrams(text)])
        assert all(text[at : at + 3] == token for token, at in tokens)
        assert {at + place for _, at in tokens for place in range(3)} == set(range(len(text)))
