"""Encoded rows: their digests, and the keys that find their contacts."""

from __future__ import annotations

from typing import Any

import msgspec

from letrics.identity.encoded_patches import NO_DIGEST
from letrics.ingest.contact_mapper import ContactMapper
from letrics.ingest.row_digest import RowDigester
from letrics.ingest.rows import FileRow


def test_encoded_row_is_decoded_and_empty_if_not_encodable() -> None:
    mapper = ContactMapper()
    mapper.meet(["fax"])
    given = RowDigester(mapper)
    members = {"id": 1, "emails": ["a"], "phone": None, "fax": 2}
    known = {name: value for name, value in members.items() if name != "fax"}
    assert given.members(given.plain(members)) == known
    assert given.members(msgspec.json.encode(members)) == members
    assert given.plain({"id": 1 << 70}) == given.plain({"id": "\udc80"}) == b""
    assert given.digest(b"") == NO_DIGEST


def test_key_of_any_row_is_found_or_empty() -> None:
    given, key = RowDigester(ContactMapper(source="s")), _key_of
    assert key(given, {"id": "1"}) == key(given, {"id": " 1 "}) == key(given, {"ID": 1}) != key(given, {"id": "2"})
    assert len(key(given, {"linkedin_url": "linkedin.com/in/a"})) == len(key(given, {"email": "a@a.example"})) == 12
    nothings: list[dict[str, Any]] = [{}, {"id": []}, {"emails": 3}, {"id": " "}, {"linkedin_url": "linkedin.com"}]
    assert {key(given, nothing) for nothing in nothings} == {b""}
    for line in (b"{", b"[]", b"\xff", b'{"id":"\\ud800"}', b"[" * 100_000):
        assert given.key(FileRow(1, line, None)) == b""


def _key_of(given: RowDigester, members: dict[str, Any]) -> bytes:
    by_line, by_members = given.key(FileRow(1, msgspec.json.encode(members), None)), given.key(FileRow(1, {}, members))
    assert by_line == by_members
    return by_line
