"""Tokenizer: many texts at once against one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from letrics.engines.bitmap.text.tokenizer import tokenize, tokenize_all
from letrics.normalize.text import fold

FOLDED = st.text(alphabet="ab c+-.&管é\0\x1b", min_size=1, max_size=12).map(fold).filter(len)


@given(st.lists(FOLDED, min_size=1, max_size=9))
def test_tokenize_all_many_texts_equals_one_by_one(texts: list[str]) -> None:
    one_by_one = [" " * spaced + word for word, spaced in tokenize(texts[0])]
    for text in texts[1:]:
        one_by_one += ["\n", *(" " * spaced + word for word, spaced in tokenize(text))]
    assert [token.decode() for token in tokenize_all(texts)] == one_by_one
