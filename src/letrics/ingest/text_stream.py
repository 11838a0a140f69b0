"""Streams that decode a text file and return it as UTF-8, up to the first byte that is not text of its encoding."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING, Final

from letrics.ingest.encoding_guess import guess_encoding
from letrics.ingest.text_lines import BLOCK, ByteStream

if TYPE_CHECKING:
    from typing_extensions import Buffer

_SAMPLE: Final = 1 << 16
"""The number of bytes from the first invalid line on from which the encoding is guessed."""
_SHOWN: Final = 80
"""The maximum number of characters of an invalid line in an error."""


class NotText(Exception):
    """A byte of a file is not text of its encoding. The text names the line and suggests another encoding."""


class TextStream(io.RawIOBase):
    """Readable file with the text of `stream` as UTF-8. Raises NotText after the last valid character.

    UTF-8 is passed on unchanged. `error` is set as soon as an invalid byte was read.
    """

    def __init__(self, stream: ByteStream, encoding: str) -> None:
        self._stream = stream
        self._encoding = encoding
        self._is_utf8 = encoding == "utf-8"
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._ready = memoryview(b"")
        self._lines = 0
        self.error: NotText | None = None
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer).cast("B")
        while not self._ready and not self._ended:
            self._more()
        size = min(len(view), len(self._ready))
        view[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def check(self) -> None:
        """Read the stream to its end. Raises NotText."""
        while not self._ended:
            self._more()

    def _more(self) -> None:
        """Decode the next bytes."""
        if self.error is not None:
            raise self.error
        data = self._stream.read1(BLOCK)
        self._ended = not data
        before, _ = self._decoder.getstate()
        try:
            text = self._decoder.decode(data, final=not data)
            valid = data
        except UnicodeDecodeError as error:
            valid = data[: max(error.start - len(before), 0)]
            self._decoder.reset()
            text = self._decode_valid(before, valid)
            self.error = self._explain(text, (before + data)[error.start :])
            self._ended = False
        except UnicodeError:  # UTF-16 and UTF-32 of an unknown byte order
            self.error = NotText(
                f"the file has no byte order mark: if it is {self._encoding}, pass --encoding {self._encoding}-le or"
                f" {self._encoding}-be"
            )
            raise self.error from None
        self._lines += text.count("\n")
        self._ready = memoryview(valid if self._is_utf8 else text.encode("utf-8", "replace"))

    def _decode_valid(self, before: bytes, valid: bytes) -> str:
        """Decode the bytes of a block before its first invalid one."""
        try:
            return self._decoder.decode(before + valid)
        except UnicodeDecodeError:  # an encoding with a state, such as ISO-2022-JP: the block is given up
            return ""

    def _explain(self, text: str, rest: bytes) -> NotText:
        line = self._lines + text.count("\n") + 1
        if not self._is_utf8:
            return NotText(f"byte 0x{rest[:1].hex()} in line {line:,} is not {self._encoding}: pass another --encoding")
        start = text.rfind("\n") + 1
        sample = text[start:].encode() + rest + self._stream.read1(_SAMPLE)
        sample = sample[:_SAMPLE]
        guess = guess_encoding(sample)
        if guess is None:
            return NotText(f"line {line:,} is not UTF-8: save the file as UTF-8, or pass its --encoding")
        shown = sample.split(b"\n")[0].decode(guess, "replace").strip()[:_SHOWN]
        return NotText(
            f"line {line:,} is not UTF-8. It looks like {guess}, in which it is “{shown}”: pass --encoding {guess}"
        )
