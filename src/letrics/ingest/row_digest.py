"""Recognition of unchanged rows: the bytes of a row, their digest, and the key that finds the row's contact."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Final

import msgspec

from letrics import __version__
from letrics.identity.encoded_patches import NO_DIGEST
from letrics.identity.keys import Key, id_key, linkedin_key, personal_keys
from letrics.ingest.contact_mapper import ContactMapper
from letrics.ingest.nested_objects import flatten, read_flat_line
from letrics.ingest.rows import FileRow, Members

MAPPING_VERSION: Final = 9
"""The version of the row mapping. Increase it when a row maps to another patch while the program version stays."""
_ID: Final = frozenset({"external_id"})
"""The field that identifies a contact if it is given, whatever the others are."""
_OTHER_KEYS: Final = frozenset({"linkedin_url", "emails"})
"""The other fields that identify a contact."""

_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder().decode


class _Id(msgspec.Struct, gc=False):
    id: Any = None


_decode_id: Final = msgspec.json.Decoder(_Id).decode


class RowDigester:
    """Encodes rows of `mapper` as bytes: the text of a JSON line, or the row's known fields in MessagePack.

    A line with unknown fields is encoded by its known fields, so that ignored fields do not change the digest. A line
    that is recognised by its text therefore has no unknown fields. The digest covers everything that determines the
    patch: the row, the options of the mapper, and the program version, whose normalisation may differ.
    """

    def __init__(
        self, mapper: ContactMapper, mapping_version: int = MAPPING_VERSION, program_version: str = __version__
    ) -> None:
        self._mapper = mapper
        options = repr(
            (mapping_version, program_version, mapper.cells, mapper.source, mapper.rules, mapper.overrides)
        ).encode()
        self._salt = blake2b(options, digest_size=blake2b.SALT_SIZE).digest()

    def plain(self, members: Members) -> bytes:
        """Encode the known fields. Returns b"" if they cannot be encoded (a lone surrogate, a number too large)."""
        ignored = self._mapper.ignored
        if ignored:
            members = {name: value for name, value in members.items() if name not in ignored}
        try:
            return _encode(members)
        except (ValueError, TypeError, OverflowError, RecursionError):
            return b""

    def digest(self, given: bytes) -> int:
        """Return the digest as a signed 64-bit integer; NO_DIGEST for empty bytes."""
        if not given:
            return NO_DIGEST
        return int.from_bytes(blake2b(given, digest_size=8, salt=self._salt).digest(), "little", signed=True)

    def members(self, given: bytes) -> Members:
        """Decode the fields of an encoded row."""
        members: Members = read_flat_line(given) if given.startswith(b"{") else _decode(given)
        return members

    def key(self, row: FileRow) -> Key:
        """Return the key that finds the row's contact if the row is known; b"" if there is no such key.

        The key is only a hint: a contact found under a wrong key does not have the digest of the row.
        """
        _, line, members, problem = row
        try:
            if members is None:
                if problem is not None or type(line) is not bytes:
                    return b""
                id = _decode_id(line).id
                if type(id) is str and id.isprintable():  # the common case
                    id = id.strip()
                    return id_key(id if self._mapper.source is None else f"{self._mapper.source}:{id}") if id else b""
                members = msgspec.json.decode(line)
                members = flatten(members) if type(members) is dict else None
            return b"" if members is None else self._key(members)
        except (ValueError, RecursionError):
            return b""

    def _key(self, members: Members) -> Key:
        id = self._mapper.some(members, _ID).get("external_id")
        if id is not None:
            return id_key(id if self._mapper.source is None else f"{self._mapper.source}:{id}")
        own = self._mapper.some(members, _OTHER_KEYS)
        url = own.get("linkedin_url")
        profile = linkedin_key(url) if url else None
        return profile or next(iter(personal_keys(own.get("emails") or ())), b"")
