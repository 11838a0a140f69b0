"""Domain edits against a naive list of all edits, in order."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from letrics.engines.common.edits import domain_edits
from letrics.query.clauses import Term

LETTERS = string.ascii_lowercase + "-"
NAMES = st.text("abé中-", min_size=1, max_size=6)


def naive_edits(before: str, word: str, after: str) -> list[str]:
    """Every edit of the word between `before` and `after`, one by one."""
    edits = []
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            edits.append(head + tail[1:])
        if len(tail) > 1:
            edits.append(head + tail[1] + tail[0] + tail[2:])
        for letter in LETTERS:
            edits += [head + letter + tail, head + letter + tail[1:]] if tail else [head + letter]
    return [before + edit + after for edit in edits]


@given(name=NAMES, suffix=NAMES, others=st.lists(NAMES, max_size=3))
def test_domain_edits_any_domain_matches_naive_order(name: str, suffix: str, others: list[str]) -> None:
    domain = f"{name}.{suffix}"
    expected = [f"{name}.{other}" for other in others]
    expected += naive_edits("", name, f".{suffix}") + naive_edits(f"{name}.", suffix, "")
    found = domain_edits(Term(domain, (domain,)), others, [True] * (len(domain) + 2))
    assert found == list(dict.fromkeys(text.encode() for text in expected))


def test_domain_edits_input_that_is_no_domain_has_none() -> None:
    for text in ("", ".com", "a\nb.com", "x" * 70 + ".com"):
        assert domain_edits(Term(text, ()), ["com"], [True] * (len(text) + 2)) == []
