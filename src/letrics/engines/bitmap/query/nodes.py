"""Bound query: clauses whose values are resolved to the ids, hashes and nums of an index."""

from __future__ import annotations

from dataclasses import dataclass

from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Hashes, Nums
from letrics.engines.bitmap.text.text_index import ResolvedText


@dataclass(frozen=True, slots=True, eq=False)
class TermsNode:
    """Matches records with any of the term ids."""

    fact: str
    ids: Nums


@dataclass(frozen=True, slots=True, eq=False)
class AllNode:
    """Matches records that match all the nodes."""

    parts: tuple[QueryNode, ...]


@dataclass(frozen=True, slots=True, eq=False)
class HashNode:
    """Matches records with any of the hashes of a unique key."""

    fact: str
    hashes: Hashes


@dataclass(frozen=True, slots=True, eq=False)
class JoinNode:
    """Matches the companies themselves, or the contacts of any of them."""

    nums: Nums


@dataclass(frozen=True, slots=True, eq=False)
class TextNode:
    """Matches records whose text contains any of the strings."""

    fact: str
    strings: tuple[ResolvedText, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FlagNode:
    """Matches records whose flag is set."""

    fact: str


@dataclass(frozen=True, slots=True, eq=False)
class RangeNode:
    """Matches times or numbers between two inclusive bounds, of which one may be None.

    `band` names the facts of the two ends of a band. A record without the number matches if its band overlaps.
    """

    fact: str
    low: int | None
    high: int | None
    band: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class BitmapNode:
    """Matches exactly these nums, for example from the query cache. Not to be modified."""

    nums: BitMap


QueryNode = TermsNode | AllNode | HashNode | JoinNode | TextNode | FlagNode | RangeNode | BitmapNode
"""A bound clause."""
