"""Term dictionary: ids by folded key, and similar values."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from letrics.engines.bitmap.columns.term_dictionary import TermDictionary
from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.normalize.text import fold


def test_term_dictionary_item_has_the_ids_of_all_its_texts() -> None:
    dictionary = TermDictionary(fold, texts=lambda item: tuple(item.split(".")))
    counts, ids = dictionary.ids_of(["co.uk", "UK", "co.uk"])
    assert counts is not None and counts.tolist() == [2, 1, 2]
    assert ids.tolist() == [0, 1, 1, 0, 1] and dictionary.keys == ["co", "uk"]
    counts, ids = TermDictionary(fold).ids_of(["b", "a", "B"])
    assert counts is None and ids.tolist() == [0, 1, 0]


def test_term_dictionary_folded_keys_share_ids_and_suggest() -> None:
    dictionary = TermDictionary(fold)
    ids = [dictionary.id_of(text) for text in ("Fintech", "FINTECH", " fintech", "Biotech", "Steel")]
    assert ids == [0, 0, 0, 1, 2]
    dictionary.sign()
    assert dictionary.near("fintec", lambda _: True)[0] == "Fintech"
    assert "Fintech" not in dictionary.near("fintec", lambda id_: id_ != 0)
    assert dictionary.near("zzzz", lambda _: True) == []
    assert dictionary.find(["steel", "unknown", "biotech"]).tolist() == [1, 2]


def test_term_dictionary_short_text_is_near_a_deep_label() -> None:
    dictionary = TermDictionary(str, lambda key: key)
    for label in ("Berlin, Germany", "Bern, Switzerland", "Lagos, Nigeria"):
        dictionary.id_of(label)
    dictionary.sign()
    assert dictionary.near("Berln", lambda _: True)[0] == "Berlin, Germany"


@given(st.lists(st.lists(st.text("aAbB .", max_size=3), max_size=8), max_size=5), st.sampled_from([1, 3, 10_000]))
def test_term_dictionary_any_texts_match_a_plain_dictionary(batches: list[list[str]], max_cached: int) -> None:
    dictionary = TermDictionary(fold, costs=replace(DEFAULT_COSTS, max_cached_entries=max_cached))
    plain: dict[str, int] = {}
    for texts in batches:
        for text in texts:
            plain.setdefault(fold(text), len(plain))
        _, ids = dictionary.ids_of(texts)
        assert ids.tolist() == [plain[fold(text)] for text in texts]
    assert dictionary.keys == list(plain) and len(dictionary) == len(plain)
    for key, id_ in plain.items():
        assert dictionary.find_one(key) == id_
    assert dictionary.find_one("zzz") is None
    assert dictionary.find([*plain, "zzz"]).tolist() == sorted(plain.values())


@given(st.lists(st.lists(st.text("ab.", max_size=5), max_size=6), max_size=4), st.sampled_from([1, 10_000]))
def test_term_dictionary_items_with_several_texts_are_split(batches: list[list[str]], max_cached: int) -> None:
    costs = replace(DEFAULT_COSTS, max_cached_entries=max_cached)
    dictionary = TermDictionary(str, texts=lambda item: item.split("."), costs=costs)
    for items in batches:
        counts, ids = dictionary.ids_of(items)
        assert counts is not None and counts.tolist() == [len(item.split(".")) for item in items]
        assert [dictionary.keys[id_] for id_ in ids.tolist()] == [part for item in items for part in item.split(".")]


def test_term_dictionary_restored_finds_and_suggests_the_same() -> None:
    dictionary, again = TermDictionary(fold), TermDictionary(fold)
    for text in ("Fintech", "Biotech", "Steel"):
        dictionary.id_of(text)
    dictionary.sign()
    again.restore(*dictionary.dump(), dictionary.signatures)
    assert again.find(["steel", "fintech"]).tolist() == [0, 2] and again.labels == dictionary.labels
    assert again.near("fintec", lambda _: True) == dictionary.near("fintec", lambda _: True) != []


def test_term_dictionary_adopted_terms_keep_their_labels() -> None:
    ours, theirs = TermDictionary(fold), TermDictionary(fold)
    ours.id_of("Steel")
    for text in ("Banks", "STEEL"):
        theirs.id_of(text)
    assert [ours.adopt(theirs, id_) for id_ in (0, 1, 0)] == [1, 0, 1]
    assert ours.labels == ["Steel", "Banks"]


def test_term_dictionary_near_needs_signatures() -> None:
    dictionary = TermDictionary(fold)
    dictionary.id_of("Fintech")
    assert dictionary.near("fintec", lambda _: True) == []
