"""Stored documents with text that cannot be encoded are returned with U+FFFD in its place."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.identity.patches import ContactPatch
from letrics.store.encodable import encodable
from tests.default_backends import open_store, store_backend


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"\\ud800", "\ufffd"),
        (b"\\udc00x", "\ufffdx"),
        (b"\\uD800\\u0041", "\ufffdA"),
        (b"\\ud800\\ud800", "\ufffd\ufffd"),
        (b"\\ud83d\\ude00", "\U0001f600"),
        (b"\\\\ud800", "\\ud800"),
        (b"\\\\\\ud800", "\\\ufffd"),
        (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd"),
        (b"caf\xe9", "caf\ufffd"),
        ("é\U0001f600".encode(), "é\U0001f600"),
    ],
)
def test_encodable_replaces_what_is_no_character(written: bytes, read: str) -> None:
    assert json.loads(encodable(b'{"name":"%s"}' % written).decode()) == {"name": read}


@settings(deadline=None)
@given(st.text(st.characters()))
def test_encodable_of_any_escaped_text_can_be_encoded(text: str) -> None:
    read = json.loads(encodable(json.dumps(text).encode()))
    read.encode()
    if text.isprintable():
        assert read == text


@settings(deadline=None)
@given(st.text())
def test_encodable_of_sound_text_is_the_document_itself(text: str) -> None:
    document = json.dumps(text, ensure_ascii=False).encode()
    assert json.loads(encodable(document)) == text


def test_store_gives_documents_that_can_be_encoded(tmp_path: Path) -> None:
    path = tmp_path / "letrics.db"
    with open_store(path) as store:
        store.put_contacts([ContactPatch(company="a.example", external_id="c1", full_name="Jane Doe")])
    connection = apsw.Connection(str(path))
    contact_document = bytes(connection.execute("SELECT document FROM contact").get)
    company_document = bytes(connection.execute("SELECT document FROM company").get)
    connection.execute(
        "UPDATE contact SET checksum = NULL, document = ?", (contact_document.replace(b"Jane Doe", b"\\ud800"),)
    )
    connection.execute("UPDATE company SET checksum = NULL, document = ?", (company_document[:-1] + b',"x":"\xff"}',))
    connection.close()
    with closing(store_backend(path).open_reader()) as store:
        (contact,) = store.documents("contacts", [0])
        (company,) = store.documents("companies", [0])
        found = store.find("contacts", "c1")
    assert contact is not None and company is not None and found is not None
    assert json.loads(contact.decode())["full_name"] == "\ufffd"
    assert json.loads(company.decode())["x"] == "\ufffd"
    assert found.document == contact
