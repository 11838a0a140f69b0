"""Checksums of documents."""

from __future__ import annotations

from letrics.store.tables.checksums import checksum_of, checksums_of, intact, intact_documents


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


def test_intact_document_is_empty_unless_it_was_written() -> None:
    document = b'{"id":"c1"}'
    assert intact(7, document, checksum_of(7, document)) == document
    assert intact(7, document, None) == document
    assert intact(7, b'{"id":"c2"}', checksum_of(7, document)) == b""
    assert intact(8, document, checksum_of(7, document)) == b""
    assert intact(7, "text", checksum_of(7, document)) == b""  # type: ignore[arg-type]


def test_intact_documents_are_those_of_each_alone() -> None:
    nums, documents = [1, 2, 3], [b"1", b"2", b"3"]
    sums: list[int | None] = list(checksums_of(nums, documents))
    assert intact_documents(nums, documents, sums) == documents
    assert intact_documents(nums, [b"1", b"4", b"3"], sums) == [b"1", b"", b"3"]
    assert intact_documents(nums, [b"1", b"4", b"3"], [sums[0], None, None]) == [b"1", b"4", b"3"]
    assert intact_documents([], [], []) == []
