"""The gazetteer's file: every known country, region, city, continent and group, and every name they are known by.

The file is a gzipped MessagePack of `Packed`. Entities are numbered country after country, then regions, cities,
continents and groups; lists of an entity's facts are in that order. Numbers are little-endian.

History of `version`: 1 is the first.
"""

from __future__ import annotations

import gzip
from typing import Final

import msgspec

VERSION: Final = 1

MAIN: Final = 0
"""A name that the entity bears in English or at home."""
OTHER: Final = 1
"""An alternate name: in another language, former, or of a part."""
SHORT: Final = 2
"""An abbreviation that is also understood standing alone or after a town (`TX`, `NSW`)."""
CODE: Final = 3
"""A code that is understood only within its country (`SP` in Brazil)."""


class Packed(msgspec.Struct, array_like=True, frozen=True):
    """What the file holds. `names` are sorted UTF-8, one a line; each has `name_counts` postings in `postings`, of
    which each is the entity's number times 4 plus the kind of name."""

    version: int
    counts: tuple[int, int, int, int, int]  # countries, regions, cities, continents, groups
    codes: bytes  # one a line: ISO 3166-1, GeoNames region code, geonameid, continent code, group name
    labels: bytes  # one a line: the name to show
    parents: (
        bytes  # uint16 an entity: the country of a region; the region of a city, or its country; continent of a country
    )
    populations: bytes  # uint32 an entity; of a region, the sum of its cities'
    names: bytes
    name_counts: bytes  # uint8
    postings: bytes  # uint32
    members: tuple[tuple[int, ...], ...]  # of each group, its countries
    dependencies: dict[int, tuple[int, ...]]  # of a country, those countries that are also written as a part of it


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(Packed)


def pack(packed: Packed) -> bytes:
    """The file's bytes; the same gazetteer always gives the same bytes."""
    return gzip.compress(_encoder.encode(packed), 9, mtime=0)


def unpack(data: bytes) -> Packed:
    """Raises ValueError when the bytes are of another version or no gazetteer at all."""
    try:
        packed = _decoder.decode(gzip.decompress(data))
    except (OSError, EOFError, msgspec.MsgspecError) as error:
        raise ValueError(f"the gazetteer cannot be read: {error}") from error
    if packed.version != VERSION:
        raise ValueError(f"the gazetteer has version {packed.version}; this program reads {VERSION}")
    return packed
