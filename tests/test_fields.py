"""The field catalogue itself."""

from __future__ import annotations

import pytest

from letrics.fields import CATALOGUE, CONTACT_OWN_UPDATED, FACTS, Fact, fields_of, fingerprint


def test_contact_updated_is_known_to_contacts_alone() -> None:
    bounds = {field.name: field for field in CATALOGUE if field.stem == "contact_updated"}
    assert list(bounds) == ["contact_updated_after", "contact_updated_before"]
    assert all(field.kind == "range" and field.contacts is CONTACT_OWN_UPDATED for field in bounds.values())
    assert not bounds.keys() & {field.name for field in fields_of("companies")}


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_fingerprint_without_a_fact_is_another(fact: Fact) -> None:
    """So that an index saved before a fact was added is rebuilt."""
    assert fingerprint([one for one in FACTS if one is not fact]) != fingerprint()
