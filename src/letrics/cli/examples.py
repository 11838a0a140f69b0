"""Example command lines, shown at the end of a command's `--help`."""

from __future__ import annotations

from typing import Final

_HEAD: Final = "\b\nExamples:\n"


def examples(*lines: str) -> str:
    """Return a help epilog that shows these command lines, one per line."""
    return _HEAD + "\n".join(f"  {line}" for line in lines)


def listed(epilog: str | None) -> list[str]:
    """Return the command lines of an epilog; an empty list without one."""
    return [line.strip() for line in (epilog or "").removeprefix(_HEAD).splitlines()]
