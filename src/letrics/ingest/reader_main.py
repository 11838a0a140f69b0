"""The work of a reader process: reads the file that is its standard input and sends parts to standard output.

A message is its length in 8 bytes and then its content. The process receives its job as one message through the pipe
whose descriptor is its last argument. Then the importing process sends AHEAD when many parts wait to be written, and
BEHIND when they no longer do. The end of the pipe means that it has ended.
"""

from __future__ import annotations

import gc
import os
import struct
import sys
import threading
from collections.abc import Callable
from typing import BinaryIO, Final, Self, cast

import msgspec

from letrics.ingest.cell_rules import DEFAULT_RULES, CellRules
from letrics.ingest.column_mapping import ColumnMapping
from letrics.ingest.conversion import converter_for
from letrics.ingest.input_file import InputFile
from letrics.ingest.known_rows import KnownRows
from letrics.ingest.mapped_source import map_source
from letrics.ingest.parts import Part, encode_part, read_parts
from letrics.ingest.rows import UnreadableFile
from letrics.ingest.source import read_source
from letrics.ingest.text_rules import DEFAULT_TEXT_RULES, TextRules
from letrics.records import Kind
from letrics.store.base import Reader

_HEAD: Final = struct.Struct("<Q")
"""The length of a message, in bytes."""
AHEAD: Final = b"\1"
BEHIND: Final = b"\0"


class ReaderJob(msgspec.Struct, frozen=True, array_like=True):
    """The file at `path` and how to map it: parts of `size` rows, and `source` before the ids of contacts.

    `rewound` says that the file can be read from its start; otherwise `prefix` was read already. `rules` say how its
    cells are interpreted, `mapping` which field each column sets, and `text_rules` how its text is read.
    """

    path: str
    kind: Kind
    source: str | None
    size: int
    rewound: bool
    prefix: bytes
    rules: CellRules = DEFAULT_RULES
    mapping: ColumnMapping | None = None
    text_rules: TextRules = DEFAULT_TEXT_RULES

    @classmethod
    def of(
        cls, file: InputFile, kind: Kind, source: str | None, size: int, rules: CellRules = DEFAULT_RULES,
        mapping: ColumnMapping | None = None, text_rules: TextRules = DEFAULT_TEXT_RULES,
    ) -> Self:  # fmt: skip
        """The job of reading `file` from its start."""
        return cls(file.path, kind, source, size, file.size is not None, file.prefix, rules, mapping, text_rules)

    def encode(self) -> bytes:
        """Encode the job as MessagePack."""
        return msgspec.msgpack.encode(self)

    @classmethod
    def decode(cls, encoded: bytes) -> Self:
        """Decode a job that `encode` encoded."""
        return msgspec.msgpack.decode(encoded, type=cls)


def main(open_reader: Callable[[], Reader] | None = None) -> None:
    """Do the job. With `open_reader`, rows that the store knows are recognised over such a connection."""
    control = os.fdopen(int(sys.argv[-1]), "rb", buffering=0)
    job = ReaderJob.decode(read_message(control))
    importing = _ImportingProcess(control)
    gc.disable()  # as an import does: no reference cycles are made
    try:
        _read(job, open_reader, importing)
    except BrokenPipeError:
        os._exit(1)  # the importing process does not want more
    sys.stdout.flush()
    os._exit(0)  # without waiting for the thread


def _read(job: ReaderJob, open_reader: Callable[[], Reader] | None, importing: _ImportingProcess) -> None:
    raw = cast("BinaryIO", os.fdopen(0, "rb", buffering=0))
    out = cast("BinaryIO", os.fdopen(1, "wb", buffering=0))
    file = InputFile(job.path, raw, job.prefix, os.fstat(0).st_size if job.rewound else None)
    try:
        source = read_source(file, job.text_rules)
    except UnreadableFile as error:
        send_message(out, encode_part(Part(0, [], [], 0, [], str(error))))
        return
    reading = converter_for(map_source(source, job.kind, job.mapping, job.source, job.rules))
    if open_reader is not None:
        reading.know(KnownRows(open_reader).look)
    for part in read_parts(source.blocks or source.rows, reading, job.size, source.progress, source.rest):
        send_message(out, encode_part(part, importing.has_many))


class _ImportingProcess:
    """The other end of the control pipe. When it has ended, even if it was killed, this process ends, too."""

    def __init__(self, control: BinaryIO) -> None:
        self.has_many = False
        """Whether many parts wait to be written, so that this process has time to prepare rows."""
        self._control = control
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while told := self._control.read(1):
            self.has_many = told == AHEAD
        os._exit(1)


def send_message(pipe: BinaryIO, message: bytes) -> None:
    """Send a message through an unbuffered pipe. Raises BrokenPipeError."""
    rest = memoryview(_HEAD.pack(len(message)) + message)
    while rest:
        rest = rest[pipe.write(rest) :]


def read_message(pipe: BinaryIO) -> bytes:
    """Receive a message. Returns b"" if the pipe ends before the message does."""
    head = _read_exactly(pipe, _HEAD.size)
    return _read_exactly(pipe, _HEAD.unpack(head)[0]) if head else b""


def _read_exactly(pipe: BinaryIO, size: int) -> bytes:
    parts = list[bytes]()
    while size and (part := pipe.read(size)):
        parts.append(part)
        size -= len(part)
    return b"" if size else b"".join(parts)
