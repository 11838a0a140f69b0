"""What rows of contacts are converted into besides patches: known rows, and the patches of rows mapped by column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from letrics.identity.encoded_patches import EncodedContact
from letrics.identity.keys import Key

Look = Callable[[Sequence[Key]], dict[int, int]]
"""Looks up contacts by keys: returns the digest of each contact found → the contact's num."""


class KnownRow(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=1):
    """A row whose digest contact `num` had. `given` are the bytes of the row, see RowDigester."""

    num: int
    digest: int
    given: bytes


class MappedRows(NamedTuple):
    """The patches of consecutive rows that were mapped by column, and the lines of the rows."""

    patches: list[EncodedContact]
    raw: list[str]
