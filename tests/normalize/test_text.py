"""Texts folded by the thousand are folded as one by one."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from letrics.normalize.text import fold, fold_all

TEXT = st.text(max_size=8) | st.text(
    st.sampled_from("abAB ßİıſ部ก็ｅ\u3000\u00a0¨Σς\u0345ﷺ\u212a\t\n\x85.-"), max_size=6
)


@given(st.lists(TEXT, max_size=6))
@example([])
@example([""])
@example(["a\nb", "", " c  d "])
@example(["¨", "ﷺ"])
def test_all_at_once_is_one_by_one(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]
