"""Clauses bound to an index: their values turned into its ids, hashes and nums."""

from __future__ import annotations

from dataclasses import dataclass

from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Hashes, Nums
from letrics.engines.bitmap.text.text_index import ResolvedText


@dataclass(frozen=True, slots=True, eq=False)
class TermsNode:
    """Any of the ids of a values fact."""

    fact: str
    ids: Nums


@dataclass(frozen=True, slots=True, eq=False)
class AllNode:
    """All of these."""

    parts: tuple[QueryNode, ...]


@dataclass(frozen=True, slots=True, eq=False)
class HashNode:
    """Has any of these hashes of a keys fact."""

    fact: str
    hashes: Hashes


@dataclass(frozen=True, slots=True, eq=False)
class JoinNode:
    """Is, or is a contact of, any of these companies."""

    nums: Nums


@dataclass(frozen=True, slots=True, eq=False)
class TextNode:
    """Any of the needles says yes."""

    fact: str
    needles: tuple[ResolvedText, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FlagNode:
    """The flag is set."""

    fact: str


@dataclass(frozen=True, slots=True, eq=False)
class RangeNode:
    """A time or number between two, both inclusive; None is open."""

    fact: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True, eq=False)
class BitmapNode:
    """A clause whose set is there already. Not to be changed."""

    nums: BitMap


QueryNode = TermsNode | AllNode | HashNode | JoinNode | TextNode | FlagNode | RangeNode | BitmapNode
"""A clause with its values turned into ids."""
