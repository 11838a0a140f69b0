"""Term dictionary: ids by folded key, and similar values."""

from __future__ import annotations

from letrics.engines.bitmap.columns.term_dictionary import TermDictionary
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
