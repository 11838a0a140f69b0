"""The filter in front of suggestions for domains: it must never rule out one that there is."""

from __future__ import annotations

import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.engines.bitmap.suggest.deletion_filter import DeletionFilter, deletion_hashes
from letrics.engines.bitmap.suggest.edits import domain_edits
from letrics.query.clauses import Term

DOMAINS = st.builds(
    "{}.{}".format, st.text("abc-", min_size=1, max_size=5), st.sampled_from(["com", "de", "co.uk", "example"])
)
GIVEN = st.text("abcdeéß-.中", min_size=1, max_size=8)


def forms_by_hand(text: str) -> set[str]:
    return {text, f"{text.partition('.')[0]}.", *(text[:at] + text[at + 1 :] for at in range(len(text)))}


@given(texts=st.lists(GIVEN, min_size=1, max_size=5))
def test_two_texts_share_a_form_where_they_do_by_hand(texts: list[str]) -> None:
    forms, first = deletion_hashes(texts)
    hashed = [set(part.tolist()) for part in np.split(forms, first[1:])]
    by_hand = list(map(forms_by_hand, texts))
    for hashes, forms_ in zip(hashed, by_hand, strict=True):
        assert len(hashes) == len(forms_)
        for others, theirs in zip(hashed, by_hand, strict=True):
            assert len(hashes & others) == len(forms_ & theirs)


@given(domains=st.lists(DOMAINS, min_size=1, max_size=30, unique=True), text=GIVEN | DOMAINS, first=st.integers(0, 30))
def test_no_domain_that_a_suggestion_would_find_is_ruled_out_and_their_order_stays(
    domains: list[str], text: str, first: int
) -> None:
    forms = DeletionFilter()
    forms.add(domains[:first])
    forms.add(domains[first:])
    term, suffixes, (known,) = Term(text, (text,)), ["com", "de", "co.uk", "example"], forms.known([text])
    every = domain_edits(term, suffixes, [True] * len(known))
    tried = domain_edits(term, suffixes, known)
    there = {domain.encode() for domain in domains}
    assert [slip for slip in tried if slip in there] == [slip for slip in every if slip in there]
    assert set(tried) <= set(every)


MANY = [f"{letter}{number}-company.example" for number in range(1_000) for letter in string.ascii_lowercase]


@pytest.mark.parametrize("expected", [0, 1_000, len(MANY)])
def test_there_is_room_for_any_number_and_what_is_near_nothing_is_mostly_ruled_out(expected: int) -> None:
    forms = DeletionFilter()
    forms.expect(expected)
    for at in range(0, len(MANY), 900):
        forms.add(MANY[at : at + 900])
    assert (len(forms.filters) > 1) == (expected < len(MANY))
    assert all(map(any, forms.known([domain[1:] for domain in MANY[::50]])))
    strangers = [f"quite{number}different.invalid" for number in range(1_000)]
    wrong = sum(map(any, forms.known(strangers)))
    assert wrong < (100 if expected == len(MANY) else 500)


def test_a_filter_of_nothing_rules_out_everything() -> None:
    assert DeletionFilter().known(["a.com", "b"]) == [[False] * 7, [False] * 3]
    assert DeletionFilter().known([]) == []
