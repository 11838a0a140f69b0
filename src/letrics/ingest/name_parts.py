"""Columns that together make a last name: `Tussenvoegsel` and `Achternaam`, `Primer` and `Segundo apellido`."""

from __future__ import annotations

from typing import Any, Final

from letrics.normalize.text import fold_name

NAME_PARTS: Final = ("last_name_prefix", "second_last_name")
"""The columns of the parts of a last name before and after the main one."""
_PARTS: Final = frozenset(NAME_PARTS)


def join_name_parts(own: dict[str, Any]) -> None:
    """Join the parts of the last name in the values of a contact. A part that the last name has already is left out.

    A prefix without a last name is no name.
    """
    if own.keys().isdisjoint(_PARTS):
        return
    prefix, second = own.pop("last_name_prefix", None), own.pop("second_last_name", None)
    last = own.get("last_name")
    if not last:
        last, second = second, None
    if not last:
        return
    folded = f" {fold_name(last)} "
    if second and not folded.endswith(f" {fold_name(second)} "):
        last = f"{last} {second}"
    if prefix and not folded.startswith(f" {fold_name(prefix)} "):
        last = f"{prefix}{last}" if prefix.endswith(("'", "’")) else f"{prefix} {last}"
    own["last_name"] = last
