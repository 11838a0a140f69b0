"""Scenarios: a random world's whole life as plain data, so that a failing one can be cut down and printed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import Kind
from tests.property.queries import add_paging, random_body
from tests.property.worlds import Generator

T = TypeVar("T")


@dataclass(frozen=True)
class PutCompanies:
    patches: tuple[CompanyPatch, ...]


@dataclass(frozen=True)
class PutContacts:
    patches: tuple[ContactPatch, ...]


@dataclass(frozen=True)
class Delete:
    """Delete those of `ids` that are there; companies with their contacts."""

    kind: Kind
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Reload:
    """Save a snapshot and go on with a new engine that starts from it."""


@dataclass(frozen=True)
class Merge:
    """Catch up and fold all there is into a new base."""


@dataclass(frozen=True)
class Ask:
    """One search; with `whole`, also every page of it by number and by cursor."""

    kind: Kind
    body: dict[str, Any]
    whole: bool = False


@dataclass(frozen=True)
class Walk:
    """A walk by cursor while the world changes: `between` pages, one change each."""

    kind: Kind
    body: dict[str, Any]
    between: tuple[Change, ...]


Change = PutCompanies | PutContacts | Delete | Reload | Merge
Step = Change | Ask | Walk


@dataclass
class Author:
    """Writes scenarios. `size` is roughly how many contacts a world begins with."""

    rng: random.Random
    size: int
    steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.generator = Generator(self.rng)

    def write(self, asks: int) -> list[Step]:
        rng = self.rng
        self.steps += self._beginning()
        for _ in range(asks):
            while rng.random() < 0.25:
                self.steps.append(self.change())
            if rng.random() < 0.02:
                self.steps.append(self._walk())
            kind = self._kind()
            body = add_paging(rng, self._body(kind), self.size)
            self.steps.append(Ask(kind, body, whole=rng.random() < 0.1))
        return self.steps

    def _beginning(self) -> list[Step]:
        companies = [self.generator.company() for _ in range(self.size // 3)]
        contacts = [self.generator.contact() for _ in range(self.size)]
        steps: list[Step] = [PutCompanies(part) for part in _cut(companies, max(1, self.size // 7))]
        return [*steps, *(PutContacts(part) for part in _cut(contacts, max(1, self.size // 3)))]

    def change(self) -> Change:
        rng, made = self.rng, self.generator
        count = rng.choice((1, 1, 2, 5, 12))
        match rng.randrange(20):
            case 0 | 1 | 2:
                return PutCompanies(tuple(made.company() for _ in range(count)))
            case 3 | 4 | 5 | 6 if made.domains:
                return PutCompanies(tuple(made.company(rng.choice(made.domains)) for _ in range(count)))
            case 7 | 8 | 9:
                return PutContacts(tuple(made.contact() for _ in range(count)))
            case 10 | 11 | 12 | 13 if made.contacts:
                return PutContacts(tuple(made.contact(rng.choice(made.contacts)) for _ in range(count)))
            case 14 | 15 if made.contacts:
                return Delete("contacts", tuple(rng.sample(made.contacts, min(count, len(made.contacts)))))
            case 16 if made.domains:
                return Delete("companies", (rng.choice(made.domains),))
            case 17 | 18:
                return Reload()
            case 19:
                return Merge()
            case _:
                return PutContacts((made.contact(),))

    def _walk(self) -> Walk:
        rng, kind = self.rng, self._kind()
        body = self._body(kind) if rng.random() < 0.6 else {}
        body |= {"order": rng.choice(("oldest", "newest")), "per_page": rng.choice((1, 3, 10))}
        return Walk(kind, body, tuple(self.change() for _ in range(rng.randint(2, 12))))

    def _kind(self) -> Kind:
        return self.rng.choice(("contacts", "contacts", "companies"))

    def _body(self, kind: Kind) -> dict[str, Any]:
        return random_body(self.rng, kind, self.generator.domains)


def _cut(items: Sequence[T], size: int) -> list[tuple[T, ...]]:
    return [tuple(items[start : start + size]) for start in range(0, len(items), size)]


def shown(steps: Sequence[Step]) -> str:
    """A scenario for people, one step a line, in JSON."""
    return "\n".join(f"  {type(step).__name__} {msgspec.json.encode(step).decode()}" for step in steps)
