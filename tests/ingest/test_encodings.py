"""Encodings: names, byte order marks, and UTF-16 without one."""

from __future__ import annotations

import codecs

import pytest

from letrics.ingest.encodings import UnknownEncoding, detect_encoding, find_encoding


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("cp1252", "cp1252"),
        ("Windows-1252", "cp1252"),
        ("latin1", "iso8859-1"),
        ("UTF8", "utf-8"),
        (" sjis ", "shift_jis"),
    ],
)
def test_encoding_is_found_by_any_name(name: str, found: str) -> None:
    assert find_encoding(name) == found


@pytest.mark.parametrize("name", ["cp125", "hex", "rot13", "idna", "unicode-escape", "", "a\0b", "undefined"])
def test_unknown_encoding_is_an_error(name: str) -> None:
    with pytest.raises(UnknownEncoding, match="is not an encoding"):
        find_encoding(name)


def test_similar_encodings_are_suggested() -> None:
    with pytest.raises(UnknownEncoding, match="cp1252"):
        find_encoding("cp-1252x")


@pytest.mark.parametrize(
    "text", ["email,full_name\na@x.example,Ann Ä\n", "名前,会社,Āē\n山田太郎,テスト\n" * 5, "Ā,b\r\n"]
)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_detected(text: str, encoding: str) -> None:
    assert detect_encoding(text.encode(encoding)) == encoding


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (codecs.BOM_UTF8 + b"a", "utf-8"), ("a".encode("utf-16"), "utf-16"), ("a".encode("utf-32"), "utf-32"),
        (codecs.BOM_UTF16_BE + b"\0a", "utf-16"),
    ],
)  # fmt: skip
def test_byte_order_mark_decides(head: bytes, encoding: str) -> None:
    assert detect_encoding(head, "cp1252") == encoding


@pytest.mark.parametrize(
    "head", [b"", b"a", b"domain,name\n" * 9, b"\0" * 100, b"ab\0cd" * 40, b"x" * 99 + b"\0", b"\xe9,a\n"]
)
def test_other_bytes_are_utf_8_unless_given(head: bytes) -> None:
    assert detect_encoding(head) == "utf-8"
    assert detect_encoding(head, "cp1252") == "cp1252"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_byte_order_of_given_utf_16_is_detected(encoding: str) -> None:
    assert detect_encoding("name,email\n".encode(encoding), "utf-16") == encoding
    assert detect_encoding(b"name,email\n", "utf-16") == "utf-16"


@pytest.mark.parametrize("name", ["rot13", "base64", "hex"])
def test_encodings_not_of_text_are_not_suggested(name: str) -> None:
    with pytest.raises(UnknownEncoding) as error:
        find_encoding(name)
    assert name not in str(error.value).split(" is not an encoding")[1]
