"""Values as they are written in a program: JSON, Python and JavaScript, lists of scalars on one line."""

from __future__ import annotations

import json
import re
from typing import Any, Final, Literal

Language = Literal["json", "python", "javascript"]

WIDTH: Final = 88
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def literal(value: Any, language: Language = "json", indent: int = 0) -> str:
    """`value`, which is of the types JSON has, as a literal; `indent` is how deep the line it begins in stands."""
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
