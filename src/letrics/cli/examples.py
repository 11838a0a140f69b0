"""Examples at the end of a command's `--help`."""

from __future__ import annotations

from typing import Final

_HEAD: Final = "\b\nExamples:\n"


def examples(*lines: str) -> str:
    """The epilog that shows these command lines, one a line."""
    return _HEAD + "\n".join(f"  {line}" for line in lines)


def listed(epilog: str | None) -> list[str]:
    """The command lines of an epilog; none where there is none."""
    return [line.strip() for line in (epilog or "").removeprefix(_HEAD).splitlines()]
