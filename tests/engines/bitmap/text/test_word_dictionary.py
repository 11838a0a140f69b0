"""Word dictionary: ids survive settling."""

from __future__ import annotations

from letrics.engines.bitmap.text.word_dictionary import WordDictionary


def test_word_dictionary_settled_keeps_its_ids() -> None:
    lexicon = WordDictionary()
    ids = lexicon.ids_of(("b", "a", "b", "c"))
    lexicon.settle()
    assert lexicon.ids_of(("b", "a", "b", "c", "d")) == [*ids, 3] == [0, 1, 0, 2, 3]
    assert list(lexicon) == ["b", "a", "c", "d"] and lexicon.since(2) == ["c", "d"]
    assert lexicon.find(["d", "unknown", "a"]).tolist() == [1, 3]
