"""The file of the gazetteer: what is encoded is decoded, and nothing else."""

from __future__ import annotations

import gzip

import pytest

from letrics.normalize.place.gazetteer_file import VERSION, GazetteerFile, decode_gazetteer, encode_gazetteer


def file(version: int) -> GazetteerFile:
    return GazetteerFile(version, (0, 0, 0, 0, 0), b"", b"", b"", b"", b"", b"", b"", (), {})


def test_decode_gazetteer_refuses_other_files() -> None:
    assert decode_gazetteer(encode_gazetteer(file(VERSION))) == file(VERSION)
    assert encode_gazetteer(file(VERSION)) == encode_gazetteer(file(VERSION))
    with pytest.raises(ValueError, match="version"):
        decode_gazetteer(encode_gazetteer(file(VERSION + 1)))
    for data in (b"", b"not a gazetteer", gzip.compress(b"\x00"), encode_gazetteer(file(VERSION))[:-9]):
        with pytest.raises(ValueError, match="cannot be read"):
            decode_gazetteer(data)
