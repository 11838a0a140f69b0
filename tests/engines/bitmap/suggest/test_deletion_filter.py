"""Deletion filter: it never rules out a domain that exists."""

from __future__ import annotations

import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.engines.bitmap.suggest.deletion_filter import DeletionFilter, deletion_hashes
from letrics.engines.common.edits import domain_edits
from letrics.query.clauses import Term

DOMAINS = st.builds(
    "{}.{}".format, st.text("abc-", min_size=1, max_size=5), st.sampled_from(["com", "de", "co.uk", "example"])
)
GIVEN = st.text("abcdeéß-.中", min_size=1, max_size=8)


def naive_forms(text: str) -> set[str]:
    """The text, its name without the suffix, and the text without each of its characters."""
    return {text, f"{text.partition('.')[0]}.", *(text[:at] + text[at + 1 :] for at in range(len(text)))}


@given(texts=st.lists(GIVEN, min_size=1, max_size=5))
def test_deletion_hashes_same_forms_have_same_hashes(texts: list[str]) -> None:
    forms, first = deletion_hashes(texts)
    hashed = [set(part.tolist()) for part in np.split(forms, first[1:])]
    expected = list(map(naive_forms, texts))
    for hashes, text_forms in zip(hashed, expected, strict=True):
        assert len(hashes) == len(text_forms)
        for others, theirs in zip(hashed, expected, strict=True):
            assert len(hashes & others) == len(text_forms & theirs)


@given(domains=st.lists(DOMAINS, min_size=1, max_size=30, unique=True), text=GIVEN | DOMAINS, first=st.integers(0, 30))
def test_deletion_filter_known_domains_are_never_ruled_out(domains: list[str], text: str, first: int) -> None:
    forms = DeletionFilter()
    forms.add(domains[:first])
    forms.add(domains[first:])
    term, suffixes, (known,) = Term(text, (text,)), ["com", "de", "co.uk", "example"], forms.known([text])
    every = domain_edits(term, suffixes, [True] * len(known))
    tried = domain_edits(term, suffixes, known)
    existing = {domain.encode() for domain in domains}
    assert [edit for edit in tried if edit in existing] == [edit for edit in every if edit in existing]
    assert set(tried) <= set(every)


MANY = [f"{letter}{number}-company.example" for number in range(1_000) for letter in string.ascii_lowercase]


@pytest.mark.parametrize("expected", [0, 1_000, len(MANY)])
def test_deletion_filter_many_domains_grows_and_stays_precise(expected: int) -> None:
    forms = DeletionFilter()
    forms.expect(expected)
    for at in range(0, len(MANY), 900):
        forms.add(MANY[at : at + 900])
    assert (len(forms.filters) > 1) == (expected < len(MANY))
    assert all(map(any, forms.known([domain[1:] for domain in MANY[::50]])))
    strangers = [f"quite{number}different.invalid" for number in range(1_000)]
    wrong = sum(map(any, forms.known(strangers)))
    assert wrong < (100 if expected == len(MANY) else 500)


def test_deletion_filter_empty_rules_out_everything() -> None:
    assert DeletionFilter().known(["a.com", "b"]) == [[False] * 7, [False] * 3]
    assert DeletionFilter().known([]) == []
