"""Text of a cell: entities, the text formula of Excel, and invisible characters at the ends."""

from __future__ import annotations

import pytest
from hypothesis import given

from letrics.normalize.decoded_text import cell_text, decode_entities, trim
from tests.hostile import bounded, long_texts, texts


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("R&amp;D", "R&D"),
        ("R&amp;amp;D", "R&D"),
        ("R&#38;amp;D", "R&D"),
        ("O&#39;Brien &#x26; S&ouml;hne", "O'Brien & Söhne"),
        ("&lt;b&gt; &quot;x&quot;", '<b> "x"'),
        ("a&nbsp;b", "a\u00a0b"),
        ("AT&T; B&O", "AT&T; B&O"),
        ("a&copy=1&lt", "a&copy=1&lt"),
        ("?a=1&amp;b=2", "?a=1&b=2"),
        ("&nothing;", "&nothing;"),
        ("&;", "&;"),
        ("Tom & Jerry", "Tom & Jerry"),
    ],
)
def test_decode_entities_decodes_only_real_ones(text: str, decoded: str) -> None:
    assert decode_entities(text) == decoded


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('="0301234"', "0301234"),
        (' ="Bob B" ', "Bob B"),
        ('="="', "="),
        ("=1+1", "=1+1"),
        ('="a"&"b"', '="a"&"b"'),
        ("\ufeff\u200bAnn\u200b \u200e", "Ann"),
        ("a\u200bb", "a\u200bb"),
        ("\u200b", ""),
        (" \u00a0 x\u2009", "x"),
    ],
)
def test_cell_text_is_what_was_meant(text: str, meant: str) -> None:
    assert cell_text(text) == meant


@given(texts())
def test_cell_text_of_any_text_is_stable(text: str) -> None:
    once = cell_text(text)
    assert cell_text(once) == once
    assert trim(trim(text)) == trim(text)


def test_cell_text_of_long_texts_takes_linear_time() -> None:
    for text in [*long_texts(30_000), "&amp;" * 6_000, "&#38;" * 6_000, '="' * 15_000, "&" * 30_000]:
        with bounded(0.5):
            cell_text(text)
