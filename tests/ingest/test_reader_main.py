"""Messages between the importing process and the one that reads."""

from __future__ import annotations

import io
from typing import Any

import pytest

from letrics.ingest.reader_main import ReaderJob, read_message, send_message


class Piece(io.BytesIO):
    """A pipe that takes and gives few bytes at a time."""

    def write(self, data: Any) -> int:
        return super().write(bytes(data)[:3])

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 0, 3))


def test_messages_are_sent_in_pieces() -> None:
    pipe = Piece()
    job = ReaderJob("f.jsonl", "contacts", "crm", 4, False, b"{}")
    send_message(pipe, job.encode())
    send_message(pipe, b"more")
    pipe.seek(0)
    assert ReaderJob.decode(read_message(pipe)) == job
    assert (read_message(pipe), read_message(pipe)) == (b"more", b"")


@pytest.mark.parametrize("cut", [0, 1, 8, 10])
def test_message_cut_off_is_empty(cut: int) -> None:
    pipe = Piece()
    send_message(pipe, b"more")
    assert read_message(io.BytesIO(pipe.getvalue()[:cut])) == b""
