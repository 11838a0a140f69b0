"""Documents reduced to the requested fields."""

from __future__ import annotations

import json

import pytest

from letrics.records import cut_down

DOCUMENT = b'{"id":"a","full_name":"Ann","company":{"id":"x.example","domain":"x.example","name":"X"}}'


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (("full_name", "id"), {"full_name": "Ann", "id": "a"}),
        (("company.name", "id", "company.domain"), {"company": {"name": "X", "domain": "x.example"}, "id": "a"}),
        (("company.name", "company"), {"company": {"id": "x.example", "domain": "x.example", "name": "X"}}),
        ((), {}),
    ],
)
def test_cut_down_keeps_the_order_asked_for(members: tuple[str, ...], expected: dict[str, object]) -> None:
    assert json.dumps(json.loads(cut_down(DOCUMENT, members))) == json.dumps(expected)
