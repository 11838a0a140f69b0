"""N-gram index against testing word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from letrics.engines.bitmap.text.ngram_index import NgramIndex


@given(
    st.lists(st.text(alphabet="abc管é", min_size=1, max_size=5), unique=True, max_size=9),
    st.text("abc管é", min_size=1, max_size=3),
)
def test_ngram_index_any_words_match_word_by_word(words: list[str], part: str) -> None:
    index = NgramIndex(words, 10)

    def naive(test: object) -> list[int]:
        return [at + 10 for at, word in enumerate(words) if test(word)]  # type: ignore[operator]

    assert index.containing(part).tolist() == naive(lambda word: part in word)
    assert index.containing(f"\n{part}").tolist() == naive(lambda word: word.startswith(part))
    assert index.containing(f"{part}\n").tolist() == naive(lambda word: word.endswith(part))
    assert index.containing(f"\n{part}\n").tolist() == naive(lambda word: word == part)


def test_ngram_index_restored_has_the_same_words() -> None:
    words = ["manager", "經理", "ab", "x"]
    index = NgramIndex(words)
    again = NgramIndex.restore(index.text, index.pieces, index.order, index.reverse)
    assert list(index) == list(again) == words
    assert again.containing("理").tolist() == [1] and again.containing("a").tolist() == [0, 2]
    assert list(NgramIndex(())) == []


def test_ngram_index_near_gives_the_most_similar_first() -> None:
    index = NgramIndex(["manager", "managers", "engineer", "vp"])
    assert sorted(index.near("manger"), reverse=True)[0][1] == "manager"
    assert list(index.near("zzzz")) == [] and list(index.near("")) == []


def test_ngram_index_common_pieces_are_those_of_many_words() -> None:
    assert sorted(NgramIndex(["ab", "abc", "b"]).common_pieces(1)) == ["a", "ab", "b"]
