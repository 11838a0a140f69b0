"""Standard streams that a command can always use, however the process was started."""

from __future__ import annotations

import codecs
import io
import os
import sys


def open_closed_streams() -> None:
    """Open the null device in place of each standard stream that the caller closed, as with `>&-`.

    Otherwise Python has None for it, and the next file that is opened gets its number.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number, which is this one
            os.set_inheritable(number, True)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def make_output_tolerant() -> None:
    r"""Let standard output take any character.

    One that its encoding does not have is escaped, such as `\u0107` in Latin-1. ASCII is a missing configuration, as in
    a container, and becomes UTF-8, as click does for its own output.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        is_ascii = codecs.lookup(sys.stdout.encoding).name == "ascii"
        sys.stdout.reconfigure(encoding="utf-8" if is_ascii else None, errors="backslashreplace")
