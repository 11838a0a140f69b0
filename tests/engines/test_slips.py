"""Suggestions for a domain: all domains at edit distance 1, and their order."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from letrics.engines.bitmap.suggest.edits import domain_edits
from letrics.query.clauses import Term

LETTERS = string.ascii_lowercase + "-"
NAMES = st.text("abé中-", min_size=1, max_size=6)


def one_slip(before: str, word: str, after: str) -> list[str]:
    """The same, one by one."""
    slips = []
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            slips.append(head + tail[1:])
        if len(tail) > 1:
            slips.append(head + tail[1] + tail[0] + tail[2:])
        for letter in LETTERS:
            slips += [head + letter + tail, head + letter + tail[1:]] if tail else [head + letter]
    return [before + slip + after for slip in slips]


@given(name=NAMES, suffix=NAMES, others=st.lists(NAMES, max_size=3))
def test_other_suffixes_come_first_then_slips_of_the_name_then_of_the_suffix(
    name: str, suffix: str, others: list[str]
) -> None:
    domain = f"{name}.{suffix}"
    expected = [f"{name}.{other}" for other in others]
    expected += one_slip("", name, f".{suffix}") + one_slip(f"{name}.", suffix, "")
    found = domain_edits(Term(domain, (domain,)), others, [True] * (len(domain) + 2))
    assert found == list(dict.fromkeys(text.encode() for text in expected))


def test_what_is_far_from_any_domain_has_none() -> None:
    for text in ("", ".com", "a\nb.com", "x" * 70 + ".com"):
        assert domain_edits(Term(text, ()), ["com"], [True] * (len(text) + 2)) == []
