"""Objects in rows that are values of fields."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.nested_values import has_form, has_objects, stays_value


@pytest.mark.parametrize(
    ("path", "value", "stays"),
    [
        ("company", {"domain": "acme.example"}, True),
        ("company", {"domain": "acme.example", "fax": "1"}, False),
        ("company", {"domain": "acme.example", "locations": [{"state": "Berlin"}]}, False),
        ("account", {"domain": "acme.example"}, False),
        ("Owner.attributes", {"type": "User", "url": "/services"}, True),
        ("attributes", {"type": "User", "url": "/services", "name": "Ann"}, False),
        ("location", {"city": "Berlin"}, True),
    ],
)
def test_object_stays_a_value_in_our_form(path: str, value: dict[str, Any], stays: bool) -> None:
    assert stays_value(path, value) is stays


def test_form_of_addresses_depends_on_their_types() -> None:
    assert has_form("emails", [{"value": "a@a.example", "type": "personal"}])
    assert not has_form("emails", [{"value": "a@a.example", "type": "work"}])
    assert has_objects([1, {}]) and not has_objects([1]) and not has_objects({})
