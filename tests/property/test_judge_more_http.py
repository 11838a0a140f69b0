"""The judge over HTTP, for endpoints without pages: counts, facets, values of fields and exports."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from letrics.fields import facet_fields
from letrics.records import Kind
from letrics.search import WalkSizes
from tests.matrix.pairs import ALL_PAIRS, API_PAIRS, DEFAULT, Pair
from tests.property.model import Refused
from tests.property.reading import folded
from tests.property.scenario import Ask, Author, Walk
from tests.property.test_judge_http import Wire, wire

__all__ = ["wire"]

ASKS = 150 if ALL_PAIRS else 80
ASKS_OF_OTHERS = 40 if ALL_PAIRS else 25
_PAGING = ("page", "per_page", "order", "cursor")


def total_and_facets(wire: Wire, kind: Kind, body: dict[str, Any], rng: random.Random) -> None:
    total = len(wire.judge.model.hits(kind, body))
    counted = wire.caller.post(f"/v1/{kind}/count", body).json
    assert counted["data"] == {"total": total}
    names = [field.name for field in rng.sample(facet_fields(kind), 3)]
    size = rng.choice((1, 3, 10, 100))
    told = wire.caller.post(f"/v1/{kind}/facets", {**body, "facets": names, "facet_size": size}).json
    assert told["meta"]["total"] == total
    assert told["meta"]["filters"] == counted["meta"]["filters"]
    assert list(told["data"]) == names
    for name, values in told["data"].items():
        expected = wire.judge.model.facet(kind, body, name)
        counts = [item["count"] for item in values]
        assert counts == sorted(expected.values(), reverse=True)[:size], name
        assert all(expected[folded(item["value"])] == item["count"] for item in values), name


def whole_result(wire: Wire, kind: Kind, body: dict[str, Any], rng: random.Random) -> None:
    order = rng.choice(("oldest", "newest"))
    reply = wire.caller.post(f"/v1/{kind}/export", {**body, "order": order})
    held = wire.judge.model.hits(kind, body)
    expected = [wire.record(one) for one in (held if order == "oldest" else reversed(held))]
    assert [json.loads(line) for line in reply.body.splitlines()] == expected


def values_of_a_field(wire: Wire, kind: Kind, rng: random.Random) -> None:
    field = rng.choice([field for field in facet_fields(kind) if field.kind != "place"])
    carried = wire.judge.model.facet(kind, {}, field.name)
    value = rng.choice(list(carried) or ["nothing"])
    start = rng.randrange(len(value))
    typed = folded(value[start : start + rng.randint(1, 6)])
    reply = wire.caller.call("GET", f"/v1/{kind}/fields/{field.name}/values?limit=100&q={quoted(typed)}")
    found = [(folded(item["value"]), item["count"]) for item in reply.json["data"]]
    if typed:
        expected = {text: count for text, count in carried.items() if typed in text}
        assert all(expected[text] == count for text, count in found), (field.name, typed)
        assert len(found) == min(len(expected), 100), (field.name, typed)
        whole = [text == typed for text, _ in found]
        begins = [text.startswith(typed) for text, _ in found]
        assert whole == sorted(whole, reverse=True) and begins == sorted(begins, reverse=True)


def quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


@pytest.mark.parametrize("pair", API_PAIRS, ids=str)
@pytest.mark.parametrize("export_sizes", [WalkSizes(window=17, slice=5)], ids=["17-5"])
def test_random_world_without_pages(wire: Wire, seed: int, pair: Pair) -> None:
    rng = random.Random(f"{seed}:without pages")
    for step in Author(rng, 150).write(ASKS if pair is DEFAULT else ASKS_OF_OTHERS):
        if not isinstance(step, Ask):
            if not isinstance(step, Walk) and type(step).__name__ != "Reload":
                wire.judge.change(step)
            continue
        wire.judge.follow()
        body = {name: value for name, value in step.body.items() if name not in _PAGING}
        try:
            wire.judge.model.hits(step.kind, body)
        except Refused:
            assert wire.caller.post(f"/v1/{step.kind}/count", body).status == 400
            continue
        try:
            total_and_facets(wire, step.kind, body, rng)
            whole_result(wire, step.kind, body, rng)
            values_of_a_field(wire, step.kind, rng)
        except AssertionError as error:
            error.add_note(f"seed {seed}: {step.kind} {body}")
            raise
