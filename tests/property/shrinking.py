"""Cuts a failing scenario down, greedily, to what still fails."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from msgspec import UNSET

from letrics.identity.patches import CompanyPatch, ContactPatch
from tests.matrix.pairs import Pair
from tests.property.judge import Failed, run
from tests.property.scenario import Ask, PutCompanies, PutContacts, Step, Walk

SECONDS = 30.0


def failure(steps: Sequence[Step], pair: Pair) -> Failed | None:
    try:
        run(steps, pair)
    except Failed as failed:
        return failed
    return None


def shrink(steps: Sequence[Step], first: Failed, pair: Pair) -> tuple[list[Step], Failed]:
    """The smallest scenario found in half a minute that fails in the same manner, and how it fails."""
    best, failed = list(steps[: first.at + 1]), first
    until = time.monotonic() + SECONDS
    progress = True
    while progress and time.monotonic() < until:
        progress = False
        for candidate in _smaller(best):
            if time.monotonic() > until:
                break
            now = failure(candidate, pair)
            if now is not None and type(now.cause) is type(first.cause):
                best, failed, progress = candidate[: now.at + 1], now, True
                break
    return best, failed


def _smaller(steps: list[Step]) -> Iterator[list[Step]]:
    """Scenarios with something left out, the boldest cuts first."""
    last = len(steps) - 1
    quiet = [step for step in steps[:last] if not isinstance(step, Ask | Walk)]
    if len(quiet) < last:
        yield [*quiet, steps[last]]
    size = last
    while size >= 1:
        for start in range(0, last, size):
            yield steps[:start] + steps[start + size :] if start + size <= last else [*steps[:start], steps[last]]
        size //= 2
    yield from (_with(steps, last, step) for step in _smaller_search(steps[last]))
    for at, step in enumerate(steps):
        yield from (_with(steps, at, smaller) for smaller in _smaller_put(step))


def _with(steps: list[Step], at: int, step: Step) -> list[Step]:
    return [*steps[:at], step, *steps[at + 1 :]]


def _smaller_search(step: Step) -> Iterator[Step]:
    if isinstance(step, Walk):
        for at in range(len(step.between)):
            yield replace(step, between=step.between[:at] + step.between[at + 1 :])
    if isinstance(step, Ask | Walk):
        for name, value in step.body.items():
            yield replace(step, body={n: v for n, v in step.body.items() if n != name})
            if isinstance(value, list) and len(value) > 1:
                for at in range(len(value)):
                    yield replace(step, body=step.body | {name: value[:at] + value[at + 1 :]})


def _smaller_put(step: Step) -> Iterator[Step]:
    if isinstance(step, PutCompanies):
        yield from (PutCompanies(patches) for patches in _fewer(step.patches))
    elif isinstance(step, PutContacts):
        yield from (PutContacts(patches) for patches in _fewer(step.patches))


def _fewer(patches: tuple[CompanyPatch | ContactPatch, ...]) -> Iterator[tuple[Any, ...]]:
    size = len(patches)
    while size >= 1:
        for start in range(0, len(patches), size):
            yield patches[:start] + patches[start + size :]
        size //= 2
    if len(patches) > 3:
        return
    for at, patch in enumerate(patches):
        for name in patch.__struct_fields__:
            if getattr(patch, name) is not UNSET and name not in ("domain", "company", "external_id"):
                yield (*patches[:at], msgspec.structs.replace(patch, **{name: UNSET}), *patches[at + 1 :])
