"""Lines of a stream: line ends of any kind at any place of a block, lines that are too long, and going back."""

from __future__ import annotations

import io
import random

import pytest

from letrics.ingest.rows import MAX_ROW
from letrics.ingest.text_lines import CutLine, TextLines


class Trickle:
    """Stream that returns a few bytes at a time."""

    def __init__(self, data: bytes, sizes: random.Random) -> None:
        self._data = io.BytesIO(data)
        self._sizes = sizes

    def read1(self, size: int = -1, /) -> bytes:
        return self._data.read(self._sizes.randint(1, 5))


def lines(stream: io.BytesIO | Trickle) -> list[str]:
    found, source = [], TextLines(stream)
    while source.has_more():
        found.append(source.pending[source.at])
        source.consume(1)
    assert source.number == len(found)
    return found


def test_lines_are_the_same_however_they_arrive(seed: int) -> None:
    draws = random.Random(seed)
    for _ in range(200):
        text = "".join(draws.choice(["a", "é", "語", "\n", "\r", "\r\n", "\x0b", "\u2028"]) for _ in range(30))
        whole = list(io.StringIO(text, newline=""))
        assert lines(io.BytesIO(text.encode())) == whole
        assert lines(Trickle(text.encode(), draws)) == whole


@pytest.mark.parametrize("size", [MAX_ROW, MAX_ROW + 3, 3 * MAX_ROW])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_beyond_the_limit_is_cut(size: int, end: str) -> None:
    before, long, after = lines(io.BytesIO(f"a{end}{'x' * size}{end}b".encode()))
    assert (before, after) == (f"a{end}", "b")
    assert (type(long) is CutLine) == (size > MAX_ROW)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf"])
def test_stream_without_text_has_no_lines(data: bytes) -> None:
    assert lines(io.BytesIO(data)) == []


def test_record_is_read_again_after_its_first_line() -> None:
    source = TextLines(io.BytesIO(b"a\nb\nc\n"))
    assert [next(source), next(source)] == ["a\n", "b\n"]
    source.end_first()
    assert (source.number, next(source), source.record()) == (1, "b\n", ["b\n"])
    source.end()
    assert (source.number, source.peek(0), source.peek(1)) == (2, "c\n", None)
