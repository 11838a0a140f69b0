"""The limit on how much larger than its compressed form a file may become."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from letrics.ingest.containers import open_innermost
from letrics.ingest.expansion import ExpansionLimits, TooExpanded
from letrics.ingest.input_file import InputFile

LIMITS = ExpansionLimits(free_bytes=1 << 20, ratio=50)
ZEROS = bytes(8 << 20)


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", data)
    return out.getvalue()


@pytest.mark.parametrize("data", [gzip.compress(ZEROS), zipped(ZEROS), gzip.compress(gzip.compress(ZEROS))])
def test_bomb_is_cut_off_near_the_limit(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    with InputFile.open(str(path)) as file:
        stream = open_innermost(file, limits=LIMITS).stream
        with pytest.raises(TooExpanded, match=r"more than 50 times as large .* larger than 1 MiB: extract it"):
            stream.read()


@pytest.mark.parametrize("size", [1 << 20, 300_000])
def test_file_within_a_limit_is_read_whole(size: int) -> None:
    data = gzip.compress(bytes(size))
    with InputFile.open("-", io.BytesIO(data)) as file:
        assert len(open_innermost(file, limits=LIMITS).stream.read()) == size
    usual = b"".join(b"%d,name,value\n" % number for number in range(200_000))
    with InputFile.open("-", io.BytesIO(gzip.compress(usual))) as file:
        assert open_innermost(file, limits=LIMITS).stream.read() == usual
