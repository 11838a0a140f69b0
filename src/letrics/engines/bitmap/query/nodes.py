"""Clauses bound to an index: their values turned into its ids, hashes and nums."""

from __future__ import annotations

from dataclasses import dataclass

from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Hashes, Nums
from letrics.engines.bitmap.text.text_index import Needle


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Any of the ids of a values fact."""

    fact: str
    ids: Nums


@dataclass(frozen=True, slots=True, eq=False)
class Every:
    """All of these."""

    parts: tuple[Bound, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """Has any of these hashes of a keys fact."""

    fact: str
    hashes: Hashes


@dataclass(frozen=True, slots=True, eq=False)
class Companies:
    """Is, or is a contact of, any of these companies."""

    nums: Nums


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Any of the needles says yes."""

    fact: str
    needles: tuple[Needle, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Flagged:
    """The flag is set."""

    fact: str


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """A time or number between two, both inclusive; None is open."""

    fact: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A clause whose set is there already. Not to be changed."""

    nums: BitMap


Bound = Values | Every | Keys | Companies | Texts | Flagged | Times | Made
"""A clause with its values turned into ids."""
