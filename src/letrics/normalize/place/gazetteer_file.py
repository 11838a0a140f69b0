"""File format of the gazetteer: all known countries, regions, cities, continents and groups, with all their names.

The file is `GazetteerFile` in MessagePack, compressed with gzip. Entities are numbered from countries over regions,
cities and continents to groups; lists with one item per entity are in that order. Numbers are little-endian.

History of `version`: 1 is the first.
"""

from __future__ import annotations

import gzip
from typing import Final

import msgspec

VERSION: Final = 1
"""The version of the file format that this program reads and writes."""

MAIN: Final = 0
"""Kind of name: the entity's name in English or in a local language."""
OTHER: Final = 1
"""Kind of name: an alternate name, which is in another language, former, or of a part of the entity."""
SHORT: Final = 2
"""Kind of name: an abbreviation that is also recognised alone or after a city (`TX`, `NSW`)."""
CODE: Final = 3
"""Kind of name: a code that is recognised only within its country (`SP` in Brazil)."""


class GazetteerFile(msgspec.Struct, array_like=True, frozen=True):
    """Content of the file. `names` are sorted and in UTF-8, one per line.

    Each name has `name_counts` entries in `postings`. A posting is the number of the entity times 4 plus the kind of
    name.
    """

    version: int
    counts: tuple[int, int, int, int, int]  # countries, regions, cities, continents, groups
    codes: bytes  # one per line: ISO 3166-1, GeoNames region code, geonameid, continent code, group name
    labels: bytes  # one per line: the display name
    parents: bytes  # uint16 per entity: country of a region; region (or country) of a city; continent of a country
    populations: bytes  # uint32 per entity; for a region, the sum of its cities
    names: bytes
    name_counts: bytes  # uint8
    postings: bytes  # uint32
    members: tuple[tuple[int, ...], ...]  # the countries of each group
    dependencies: dict[int, tuple[int, ...]]  # country → countries that are also written as a part of it


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(GazetteerFile)


def encode_gazetteer(file: GazetteerFile) -> bytes:
    """Encode the file. The same gazetteer always gives the same bytes."""
    return gzip.compress(_encoder.encode(file), 9, mtime=0)


def decode_gazetteer(data: bytes) -> GazetteerFile:
    """Decode the file. Raises ValueError if it has another version or is not a gazetteer."""
    try:
        file = _decoder.decode(gzip.decompress(data))
    except (OSError, EOFError, msgspec.MsgspecError) as error:
        raise ValueError(f"the gazetteer cannot be read: {error}") from error
    if file.version != VERSION:
        raise ValueError(f"the gazetteer has version {file.version}; this program reads {VERSION}")
    return file
