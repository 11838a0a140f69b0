"""Texts as parameters of PostgreSQL. Its texts cannot have U+0000, which is sent as U+FFFD, the replacement character.

Imported values have no control characters. Others may have: the name of a file, or an id in a URL.
"""

from __future__ import annotations

from psycopg.abc import AdaptContext, Buffer
from psycopg.types.string import StrBinaryDumper, StrDumperUnknown


def encode_text(text: str) -> bytes:
    """The bytes of a text that PostgreSQL takes."""
    return text.replace("\0", "\ufffd").encode()


class TextDumper(StrDumperUnknown):
    """Sends a value of a statement."""

    def dump(self, obj: str) -> Buffer:
        return encode_text(obj)


class BinaryTextDumper(StrBinaryDumper):
    """Sends a value of a row that is copied."""

    def dump(self, obj: str) -> Buffer:
        return encode_text(obj)


def register_texts(context: AdaptContext) -> None:
    """Make a connection send texts in this form."""
    context.adapters.register_dumper(str, BinaryTextDumper)
    context.adapters.register_dumper(str, TextDumper)
