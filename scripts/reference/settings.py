"""The settings with their defaults, read from the class Settings."""

from __future__ import annotations

from typing import get_type_hints

import msgspec
from msgspec import inspect

from letrics.settings import Settings
from scripts.reference.markup import code, escape, table


def settings_table() -> str:
    """Describe all settings."""
    rows = [[code(name), default, escape(help)] for name, default, help in settings()]
    return table(["Setting", "Default", "Meaning"], rows)


def settings() -> list[tuple[str, str, str]]:
    """Return the name, the default and the help of each setting."""
    hints = get_type_hints(Settings, include_extras=True)
    listed = []
    for name, default in msgspec.to_builtins(Settings()).items():
        extra = getattr(inspect.type_info(hints[name]), "extra_json_schema", None) or {}
        listed.append((name, _shown(default), extra.get("description", "")))
    return listed


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value) or "none"
