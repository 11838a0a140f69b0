"""Checksums of documents."""

from __future__ import annotations

from letrics.store.tables.checksums import checksum_of, checksums_of


def test_every_flipped_bit_changes_the_checksum() -> None:
    document = b'{"id":"c1","full_name":"Ann"}'
    whole = checksum_of(7, document)
    for bit in range(8 * len(document)):
        changed = bytearray(document)
        changed[bit // 8] ^= 1 << bit % 8
        assert checksum_of(7, bytes(changed)) != whole


def test_checksum_is_of_the_record_too() -> None:
    assert list(checksums_of([1, 2], [b"{}", b"{}"])) == [checksum_of(1, b"{}"), checksum_of(2, b"{}")]
    assert checksum_of(1, b"{}") != checksum_of(2, b"{}")
