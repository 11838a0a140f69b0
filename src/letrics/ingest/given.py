"""Rows as they are given: the bytes by which one is known again, their digest, and the key that leads to a contact."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Final

import msgspec

from letrics import __version__
from letrics.ingest.jsonl import read_line
from letrics.ingest.mapping import ContactMapper
from letrics.ingest.rows import Members, Row
from letrics.store.identity import Key, id_key
from letrics.store.packed import NO_DIGEST, first_key

_MEANING: Final = 2
"""To be counted up when the same row comes to mean something else while the version stays."""
_KEYS: Final = frozenset({"external_id", "linkedin_url", "emails"})

_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder().decode


class _Id(msgspec.Struct, gc=False):
    id: Any = None


_decode_id: Final = msgspec.json.Decoder(_Id).decode


class Given:
    """What `mapper` reads, as bytes: the text of a JSON line, or the members it knows in MessagePack.

    A line with members that are not known is taken by the others, so that what is passed over makes no difference, and
    so that every line known by its text has been found to have none. The digest is of all that the patch follows from:
    the row, how it is mapped, and the version of the program, which may normalise better than the last one."""

    def __init__(self, mapper: ContactMapper) -> None:
        self._mapper = mapper
        told = repr((_MEANING, __version__, mapper.cells, mapper.source)).encode()
        self._salt = blake2b(told, digest_size=blake2b.SALT_SIZE).digest()

    def has_unknown(self, members: Members) -> bool:
        """Whether there are members that are known to be unknown."""
        return not self._mapper.ignored.keys().isdisjoint(members)

    def plain(self, members: Members) -> bytes:
        """The known members; empty where there is no telling them (half a character in a text, a number too long)."""
        ignored = self._mapper.ignored
        if ignored:
            members = {name: value for name, value in members.items() if name not in ignored}
        try:
            return _encode(members)
        except (ValueError, TypeError, OverflowError, RecursionError):
            return b""

    def digest(self, given: bytes) -> int:
        """Signed 64 bits; NO_DIGEST where there is nothing."""
        if not given:
            return NO_DIGEST
        return int.from_bytes(blake2b(given, digest_size=8, salt=self._salt).digest(), "little", signed=True)

    def members(self, given: bytes) -> Members:
        """The members again."""
        members: Members = read_line(given) if given.startswith(b"{") else _decode(given)
        return members

    def key(self, row: Row) -> Key:
        """The key under which the row's contact will be found if the row is known; empty where none is to be told.

        Only a hint: under a wrong key no contact bears the digest of the row."""
        _, line, members, problem = row
        try:
            if members is None:
                if problem is not None or type(line) is not bytes:
                    return b""
                id = _decode_id(line).id
                if type(id) is str and id.isprintable():  # as nearly every one is
                    id = id.strip()
                    return id_key(id if self._mapper.source is None else f"{self._mapper.source}:{id}") if id else b""
                members = msgspec.json.decode(line)
            return self._key(members) if type(members) is dict else b""
        except (ValueError, RecursionError):
            return b""

    def _key(self, members: Members) -> Key:
        own = self._mapper.some(members, _KEYS)
        id = own.get("external_id")
        if id is not None and self._mapper.source is not None:
            id = f"{self._mapper.source}:{id}"
        return first_key(id, own.get("linkedin_url"), own.get("emails") or ())
