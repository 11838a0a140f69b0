"""Word dictionary: ids survive settling."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from letrics.engines.bitmap.text.word_dictionary import WordDictionary


def test_word_dictionary_settled_keeps_its_ids() -> None:
    dictionary = WordDictionary()
    ids = dictionary.ids_of(("b", "a", "b", "c"))
    dictionary.settle()
    assert dictionary.ids_of(("b", "a", "b", "c", "d")) == [*ids, 3] == [0, 1, 0, 2, 3]
    assert list(dictionary) == ["b", "a", "c", "d"] and dictionary.since(2) == ["c", "d"]
    assert dictionary.find(["d", "unknown", "a"]).tolist() == [1, 3]


@given(st.lists(st.tuples(st.lists(st.text("ab管", min_size=1, max_size=2), max_size=6), st.booleans()), max_size=5))
def test_word_dictionary_any_words_match_a_plain_dictionary(batches: list[tuple[list[str], bool]]) -> None:
    words, plain = WordDictionary(), dict[str, int]()
    for batch, settles in batches:
        for word in batch:
            plain.setdefault(word, len(plain))
        assert words.ids_of(batch) == [plain[word] for word in batch]
        if settles:
            words.settle()
        assert list(words) == list(plain) and len(words) == len(plain)
        assert words.find([*plain, "zzz"]).tolist() == list(range(len(plain)))
        for first in range(len(plain) + 1):
            assert words.since(first) == list(plain)[first:]


def test_word_dictionary_restored_has_the_same_ids() -> None:
    words, again = WordDictionary(), WordDictionary()
    words.ids_of(["b", "a", "c"])
    words.settle()
    again.restore(words.known, words.hashes, words.ids)
    assert again.ids_of(["c", "new", "a"]) == [2, 3, 1]
