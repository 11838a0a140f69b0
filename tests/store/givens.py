"""Patches as if each were a row of a file that is given as its own MessagePack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b

import msgspec

from letrics.store.base import ContactPatch
from letrics.store.packed import Claim, PackedContact, pack_contact

_decode = msgspec.msgpack.Decoder(ContactPatch).decode


def digest(given: bytes) -> int:
    return int.from_bytes(blake2b(given, digest_size=8).digest(), "little", signed=True)


def packed(patch: ContactPatch) -> PackedContact:
    """The patch, with the digest of the row."""
    return pack_contact(patch, digest(msgspec.msgpack.encode(patch)))


def again(given: bytes) -> PackedContact:
    """What a claim's row comes to."""
    return packed(_decode(given))


def claim(patch: ContactPatch, num: int) -> Claim:
    """That the row made contact `num` what it is."""
    given = msgspec.msgpack.encode(patch)
    return Claim(num, digest(given), given)


def recognized(patches: Sequence[ContactPatch], known: Mapping[int, int]) -> list[PackedContact | Claim]:
    """The rows as a reader sends them that has found these digests, each borne by a contact."""
    rows: list[PackedContact | Claim] = []
    for patch in patches:
        row = packed(patch)
        rows.append(claim(patch, known[row.digest]) if row.key and row.digest in known else row)
    return rows
