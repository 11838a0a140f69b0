"""Text streams: any encoding becomes UTF-8, and the first invalid byte ends the stream with its line and a guess."""

from __future__ import annotations

import io
import random

import pytest

from letrics.ingest.text_stream import NotText, TextStream
from tests.ingest.test_text_lines import Trickle

TEXT = "名前,Ünï\r\n" * 3 + "a,b\n"


def read(data: bytes, encoding: str, seed: int | None = None) -> tuple[bytes, str]:
    """Return what can be read, and the error after it."""
    stream = io.BytesIO(data) if seed is None else Trickle(data, random.Random(seed))
    text, found = TextStream(stream, encoding), b""
    try:
        while part := text.read(7):
            found += part
    except NotText as error:
        return found, str(error)
    return found, ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "utf-7"])
def test_text_of_any_encoding_becomes_utf_8(encoding: str, seed: int) -> None:
    assert read(TEXT.encode(encoding), encoding) == (TEXT.encode(), "")
    assert read(TEXT.encode(encoding), encoding, seed) == (TEXT.encode(), "")


@pytest.mark.parametrize("bad", [b"Dr\xe9ger", b"M\xfcller", b"\xff"])
def test_stream_ends_at_the_first_invalid_byte(bad: bytes, seed: int) -> None:
    before = "a,é\nb,語\nc,".encode()
    for draw in (None, seed):
        found, error = read(before + bad + b",x\nd,e\n", "utf-8", draw)
        assert (before + bad).startswith(found) and found.startswith(before)
        assert "line 3 is not UTF-8" in error


def test_error_has_a_guess_and_the_line_in_it() -> None:
    data = "email,name\na@x.example,Ann Dréger\nc@x.example,Çem Öz\n".encode("cp1252")
    assert "“a@x.example,Ann Dréger”: pass --encoding cp1252" in read(data, "utf-8")[1]


def test_error_of_a_given_encoding_names_the_byte() -> None:
    assert read(b"a\nb\x81", "cp1252") == (b"a\nb", "byte 0x81 in line 2 is not cp1252: pass another --encoding")


def test_character_cut_off_at_the_end_is_an_error() -> None:
    assert "line 1 is not UTF-8" in read("a,語".encode()[:-1], "utf-8")[1]


def test_check_reads_to_the_end() -> None:
    TextStream(io.BytesIO(TEXT.encode()), "utf-8").check()
    with pytest.raises(NotText):
        TextStream(io.BytesIO(TEXT.encode() + b"\xff"), "utf-8").check()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_unknown_byte_order_is_an_error(encoding: str) -> None:
    found, error = read("name,email\n".encode(f"{encoding}-le"), encoding)
    assert found == b"" and f"pass --encoding {encoding}-le or {encoding}-be" in error
