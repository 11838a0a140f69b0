"""Cursors: the end of a page as an opaque string that is bound to its filters and order.

Format 1 is 22 bytes in URL-safe base64 without padding: version (1 byte), order (1), digest of kind, order and filters
(8), `num` of the last record of the page (8), CRC-32 of the preceding bytes (4). A `num` never changes, so a cursor
survives restarts, imports and rebuilds, and does not expire.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
import zlib
from collections.abc import Sequence
from typing import Final

from letrics.normalize.text import fold
from letrics.query.clauses import Between, Flag, Order, Query, Term

_FORMAT: Final = struct.Struct(">BB8sQ")
"""The layout of a cursor before its checksum: version, order, digest and `num`, big-endian."""
_VERSION: Final = 1
"""The version of the cursor format."""
_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")


def encode_cursor(query: Query, order: Order, num: int) -> str:
    """Encode the cursor that continues `query` in `order` after the record `num`."""
    body = _FORMAT.pack(_VERSION, order == "newest", _digest(query, order), num)
    return _written(body + zlib.crc32(body).to_bytes(4, "big"))


def _written(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).translate(_URL_SAFE, b"=").decode()


def decode_cursor(text: str, query: Query, order: Order) -> int:
    """Decode the `num` to continue after.

    Raises ValueError with a readable message if the cursor is damaged, or belongs to other filters or another order.
    """
    damaged = "is not a valid cursor: send the meta.next_cursor of a page unchanged"
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(damaged) from None
    body, check = data[:-4], data[-4:]
    is_intact = len(body) == _FORMAT.size and zlib.crc32(body).to_bytes(4, "big") == check
    if not is_intact or _written(data) != text:  # base64 has several spellings of the same bytes
        raise ValueError(damaged)
    version, newest, digest, num = _FORMAT.unpack(body)
    if version != _VERSION:
        raise ValueError("is from another version of Letrics: restart without a cursor")
    if bool(newest) != (order == "newest"):
        raise ValueError(f"belongs to a search with the order {'newest' if newest else 'oldest'}: send that order")
    if digest != _digest(query, order):
        raise ValueError("belongs to a search with other filters: send the filters of the page that returned it")
    return int(num)


def _digest(query: Query, order: Order) -> bytes:
    lines: list[str] = [query.kind, order]
    for clause in query.clauses:
        if isinstance(clause, Flag):
            lines.append(clause.field)
        elif isinstance(clause, Between):
            lines.append(f"{clause.field}={clause.low}..{clause.high}")
        else:
            values = "\x1f".join(sorted(_folded(clause.terms)))
            lines.append(f"{clause.field}:{clause.fact.name}={values}")
    text = "\n".join(sorted(lines)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=8).digest()


def _folded(terms: Sequence[Term]) -> set[str]:
    """The folded values of the terms. Thousands of single ASCII words, such as domains, are folded in one call."""
    together = "\n".join([term.value for term in terms])
    words = together.lower().split()
    if len(words) == len(terms) and together.isascii():
        return set(words)
    return {fold(term.value) for term in terms}
