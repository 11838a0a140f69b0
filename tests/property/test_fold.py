"""The program's fold against the plain rule, on any text at all."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from letrics.normalize.text import fold, fold_words
from tests.property.reading import folded, searchable

CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"))
TEXT = st.text(CHARACTERS, max_size=20) | st.text(st.sampled_from("abAB+.-  ßİıſΣσς業部ก็́ｅ\u3000"), max_size=12)


@given(TEXT)
@example("ẞ\u0345ﷺ\u212a")
def test_fold_is_the_rule(text: str) -> None:
    assert fold(text) == folded(text)


LETTERS = st.text(st.sampled_from("aeøłıİßæđéçñώΐϊ’´`“”—–-'\u0301\u0323\u0345йकेが"), max_size=12)


@given(TEXT | LETTERS)
@example("ŉ´’")
def test_fold_words_is_the_rule(text: str) -> None:
    assert fold_words(text) == searchable(text)
    assert fold_words(fold_words(text)) == fold_words(text)


@given(TEXT)
def test_fold_sees_no_case_width_or_spacing(text: str) -> None:
    assert fold(f"  {text}\u3000") == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert not re.search(r"\s\s|^\s|\s$|[\t\u00a0\u3000]", fold(text))
