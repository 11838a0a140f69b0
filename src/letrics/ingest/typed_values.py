"""Objects of JSON that wrap a value with its type, as the properties of a page in Notion do.

`{"type": "rich_text", "rich_text": [{"plain_text": "Acme"}]}` is the text `Acme`. An address in such an object stays
there, since the name of the object and that of the address together say what it is: `Company.url`.
"""

from __future__ import annotations

from typing import Any, Final

from letrics.ingest.rows import Members

_TEXTS: Final = frozenset({"title", "rich_text"})
"""The types whose value is a list of pieces of a text."""
_OPTIONS: Final = frozenset({"select", "status", "multi_select"})
"""The types whose value is an object with a name, or a list of such objects."""
_PLAIN: Final = frozenset({"number", "checkbox", "string", "boolean"})
"""The types whose value is the value itself, if the object says that it has this type."""
_NESTED: Final = frozenset({"formula", "rollup", "array"})
"""The types whose value is such an object or a list of them."""
_OTHERS: Final = frozenset({"relation", "people", "created_by", "last_edited_by", "files"})
"""The types whose values are other records, people and files."""
_MAX_KEYS: Final = 4
"""The maximum number of keys of such an object: the value, `type`, `id` and one more."""


def typed_key(value: Members) -> str | None:
    """Return the key of the value in an object that wraps one with its type; None for any other object."""
    if len(value) > _MAX_KEYS:
        return None
    type_ = value.get("type")
    if type(type_) is str and type_ in value:
        return type_ if type_ in _TEXTS | _OPTIONS | _PLAIN | _NESTED | _OTHERS else None
    keys = [key for key in value if key != "id"]
    return keys[0] if len(keys) == 1 and _has_shape(keys[0], value[keys[0]]) else None


def refers_to_others(key: str) -> bool:
    """Return whether the value of the type `key` is another record, a person that uses the tool, or a file."""
    return key in _OTHERS


def plain_value(key: str, value: Any) -> Any:
    """Return the value of the type `key` as a column has it: pieces of text joined, options by their names."""
    if key in _TEXTS and type(value) is list:
        return "".join(_piece(piece) for piece in value)
    if key in _OPTIONS:
        return [_name(option) for option in value] if type(value) is list else _name(value)
    if key in _NESTED:
        return [_unwrapped(item) for item in value] if type(value) is list else _unwrapped(value)
    return value


def _has_shape(key: str, value: Any) -> bool:
    """Return whether an object without a type has a value that no other object has."""
    if key in _TEXTS:
        return type(value) is list and bool(value) and all(type(one) is dict and _piece(one) for one in value)
    if key in _OPTIONS:
        options = value if type(value) is list else [value]
        return bool(options) and all(type(one) is dict and type(one.get("name")) is str for one in options)
    return False


def _unwrapped(value: Any) -> Any:
    key = typed_key(value) if type(value) is dict else None
    return value if key is None or refers_to_others(key) else plain_value(key, value[key])


def _piece(piece: Any) -> str:
    if type(piece) is not dict:
        return ""
    text = piece.get("plain_text")
    if type(text) is not str and type(piece.get("text")) is dict:
        text = piece["text"].get("content")
    return text if type(text) is str else ""


def _name(option: Any) -> Any:
    return option.get("name") if type(option) is dict else option
