"""Names of indexes and aliases."""

from __future__ import annotations

from letrics.engines.opensearch.names import PARTS, IndexNames, index_fingerprint


def test_names_of_two_versions_differ() -> None:
    one, other = IndexNames("letrics"), IndexNames("letrics", "other")
    assert one.fingerprint == index_fingerprint() and len(one.fingerprint) == 16
    assert {one.alias(part) for part in PARTS}.isdisjoint(other.alias(part) for part in PARTS)


def test_index_of_a_build_begins_with_its_alias() -> None:
    names = IndexNames("letrics", "f1")
    assert names.alias("contacts") == "letrics-contacts-f1"
    assert names.index("contacts", "b2") == "letrics-contacts-f1-b2"
