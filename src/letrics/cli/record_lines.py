"""A record as text for people: one line per field that has a value, with the company of a contact indented below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def record_lines(record: Mapping[str, Any], indent: str = "") -> list[str]:
    """The lines of a decoded record. Fields without a value are left out."""
    lines = []
    for name, value in record.items():
        if value in (None, [], {}):
            continue
        if isinstance(value, dict):
            lines += [f"{indent}{name}:", *record_lines(value, f"{indent}  ")]
        else:
            text = "; ".join(map(_item, value)) if isinstance(value, list) else _scalar(value)
            lines.append(f"{indent}{name}: {text}".replace("\n", f"\n{indent}  "))
    return lines


def _scalar(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _item(item: object) -> str:
    """An item of a list: a text, an email with its type, or a location with the parts that its text lacks."""
    if not isinstance(item, dict):
        return str(item)
    text = item.get("value") or item.get("text") or ""
    written = {part.strip() for part in text.split(",")}
    rest = ", ".join(
        dict.fromkeys(str(part) for part in item.values() if part and part != text and part not in written)
    )
    return f"{text} ({rest})" if text and rest else text or rest
