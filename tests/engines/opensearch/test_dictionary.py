"""Entries of the dictionary."""

from __future__ import annotations

import msgspec

from letrics.engines.opensearch.dictionary import NewEntries, entry_id
from letrics.fields import INDUSTRIES, LOCATIONS


def test_entries_are_taken_once_in_order() -> None:
    entries = NewEntries()
    entries.add(INDUSTRIES, "software", "Software")
    entries.add(INDUSTRIES, "banking", "Banking")
    entries.add(INDUSTRIES, "software", "SOFTWARE")
    taken = entries.take()
    assert [name for name, _ in taken] == [entry_id(INDUSTRIES, "software"), entry_id(INDUSTRIES, "banking")]
    assert msgspec.json.decode(taken[0][1]) == {
        "fact": "company.industries", "key": "software", "label": "Software", "text": "software\n\n",
        "padded": "  software ",
    }  # fmt: skip
    entries.add(INDUSTRIES, "banking", "Banking")
    assert entries.take() == []


def test_entry_of_a_labelled_fact_has_its_label() -> None:
    entries = NewEntries()
    entries.add(LOCATIONS, "country:DE", "country:DE")
    entries.add(LOCATIONS, "no such place", "no such place")
    [(_, entry)] = entries.take()
    assert msgspec.json.decode(entry)["label"] == "Germany"


def test_entries_beyond_the_capacity_are_returned_again() -> None:
    entries = NewEntries(max_known=1)
    for key in ("a", "b", "a"):
        entries.add(INDUSTRIES, key, key)
    assert [name for name, _ in entries.take()] == [entry_id(INDUSTRIES, key) for key in "aba"]


def test_entry_id_depends_on_fact_and_key() -> None:
    assert len({entry_id(INDUSTRIES, "a"), entry_id(INDUSTRIES, "b"), entry_id(LOCATIONS, "a")}) == 3
