"""Format values as literals of JSON, Python and JavaScript. Values that fit on a line stay on one line."""

from __future__ import annotations

import json
import re
from typing import Any, Final, Literal

Language = Literal["json", "python", "javascript"]

WIDTH: Final = 88
"""Maximum length of a line, in characters."""

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""A property name that JavaScript accepts without quotes."""


def literal(value: Any, language: Language = "json", indent: int = 0) -> str:
    """Format `value`, which has JSON types only. `indent` is the indentation of its first line, in spaces."""
    line = _line(value, language)
    if not isinstance(value, dict | list) or not value or indent + len(line) <= WIDTH:
        return line
    outer, inner = " " * indent, " " * (indent + 2)
    comma = "" if language == "json" else ","
    if isinstance(value, list):
        parts = [literal(item, language, indent + 2) for item in value]
        opening, closing = "[", "]"
    else:
        parts = [f"{_key(name, language)}: {literal(item, language, indent + 2)}" for name, item in value.items()]
        opening, closing = "{", "}"
    return opening + "\n" + ",\n".join(inner + part for part in parts) + f"{comma}\n{outer}{closing}"


def _line(value: Any, language: Language) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{_key(name, language)}: {_line(item, language)}" for name, item in value.items())
        return f"{{ {inside} }}" if language == "javascript" and inside else f"{{{inside}}}"
    if isinstance(value, list):
        return "[" + ", ".join(_line(item, language) for item in value) + "]"
    if language == "python" and (value is None or isinstance(value, bool)):
        return repr(value)
    return json.dumps(value, ensure_ascii=False)


def _key(name: str, language: Language) -> str:
    return name if language == "javascript" and _NAME.fullmatch(name) else json.dumps(name)
