"""Parts: rows that become patches, and rejected rows."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from letrics.identity.encoded_patches import NO_DIGEST, EncodedContact, decode_company_patch, decode_contact_patch
from letrics.ingest.conversion import converter_for
from letrics.ingest.jsonl import json_lines
from letrics.ingest.mapping import mapper
from letrics.ingest.parts import BYTES, decode_part, encode_part, read_parts
from letrics.ingest.rows import DamagedFile, FileRow
from tests.ingest.parts import parts


def test_long_rows_make_small_parts() -> None:
    row = b'{"domain":"acme.example","description":"' + b"x" * 90_000 + b'"}\n'
    sizes = [part.rows for part in parts("companies", row * 200, False)]
    assert sum(sizes) == 200
    assert max(sizes) * len(row) <= BYTES + len(row)


def test_bug_in_a_mapper_rejects_its_row_alone() -> None:
    reading = converter_for(mapper("companies"))
    read = reading.read

    class Faulty:
        mapper = reading.mapper
        ahead = staticmethod(lambda rows: rows)

        @staticmethod
        def read(row: FileRow) -> Any:
            if row.line == 2:
                raise IndexError("secret")
            return read(row)

    data = b'{"domain":"a.example"}\n' * 3
    (part,) = read_parts(json_lines(io.BytesIO(data)), Faulty(), 100, int)  # type: ignore[arg-type]
    assert len(part.patches) == 2
    assert [(refused.line, refused.reason) for refused in part.refused] == [
        (2, "the program failed on this row (IndexError): report this as a bug")
    ]


def test_parts_are_sent_unchanged() -> None:
    data = b'{"domain":"a.example"}\n{"domain":"bad"}\n{"domain":"b.example","fax":1}\n'
    (part,) = parts("companies", data, False)
    assert (part.rows, len(part.patches), part.ignored, part.damage) == (3, 2, ["fax"], None)
    assert [(refused.row, refused.place, refused.line, refused.field) for refused in part.refused] == [
        (2, 1, 2, "domain")
    ]
    assert part.size == len(data)
    sent = decode_part("companies", encode_part(part))
    assert replace(sent, patches=[*map(decode_company_patch, sent.patches)]) == replace(
        part, patches=[*map(decode_company_patch, part.patches)]
    )


def test_parts_of_contacts_are_sent_unchanged() -> None:
    (part,) = parts("contacts", b'{"id":"1","company_domain":"a.example"}\n', False)
    for prepare in (False, True):
        (patch,) = decode_part("contacts", encode_part(part, prepare)).patches
        assert type(patch) is EncodedContact and type(patch.patch) is bytes and patch.domain == "a.example"
        assert (patch.prepared is not None) is prepare
        assert replace(patch, patch=decode_contact_patch(patch), domain="", prepared=None) == part.patches[0]


def test_parts_have_the_warnings_of_their_rows() -> None:
    data = (
        b'{"id":"1","company_domain":"a.example","linkedin_url":"jane","company_employees":"many"}\n'
        b'{"linkedin_url":"jane","full_name":null}\n'
        b'{"id":"3","company_domain":"a.example"}\n'
    )
    (part,) = parts("contacts", data, False)
    assert len(part.patches) == 2 and part.patches[0].digest == NO_DIGEST != part.patches[1].digest
    (refused,) = part.refused
    assert (refused.line, refused.field) == (2, "linkedin_url")
    (row,) = part.warned
    assert (row.line, [warning.field for warning in row.warnings]) == (1, ["linkedin_url", "company_employees"])
    assert row.raw == data.splitlines()[0].decode()
    assert decode_part("contacts", encode_part(part)).warned == part.warned


def test_parts_of_a_damaged_file_end_with_the_damage() -> None:
    def rows() -> Iterator[FileRow]:
        yield FileRow(1, b"", {"domain": "a.example"})
        raise DamagedFile("cut off")

    (part,) = read_parts(rows(), converter_for(mapper("companies")), 100, lambda: 7)
    assert (part.rows, part.damage, part.read) == (1, "cut off", 7)
    (empty,) = read_parts(iter_damaged(), converter_for(mapper("companies")), 100, int)
    assert (empty.rows, empty.patches, empty.damage) == (0, [], "cut off")


def iter_damaged() -> Iterator[FileRow]:
    yield from ()
    raise DamagedFile("cut off")


def test_parts_report_each_unknown_column_once() -> None:
    data = b'{"domain":"a.example","fax":1}\n' * 2 + b'{"domain":"a.example","fax":1,"x":1}\n'
    found = read_parts(json_lines(io.BytesIO(data)), converter_for(mapper("companies")), 1, int)
    assert [part.ignored for part in found] == [["fax"], [], ["x"]]
