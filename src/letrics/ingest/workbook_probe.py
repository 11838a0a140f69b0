"""A trial run for old workbooks: opens one in a process whose memory is limited.

Calamine fills the rectangle of all sheets of an `.xls` when it opens it, and two cells far apart make one of 400 MiB. A
file of some kilobytes can have hundreds of such sheets. Nothing but the reader itself knows beforehand.
"""

from __future__ import annotations

import io
import os
import subprocess
from typing import BinaryIO, Final

from letrics.child import NEUTRAL_DIRECTORY, python_command
from letrics.ingest.rows import UnreadableFile

MEMORY_BYTES: Final = 2 << 30
"""The maximum address space of the trial run, in bytes."""
_SECONDS: Final = 120
"""Seconds after which the trial run is stopped."""
_OUT_OF_MEMORY: Final = 75
"""The exit code of a run that got no memory. Calamine itself ends by a signal."""

_PROGRAM: Final = f"""
import io, resource, sys
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    from python_calamine import CalamineWorkbook
    CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
except MemoryError:
    sys.exit({_OUT_OF_MEMORY})
except BaseException:
    pass
"""


def probe_workbook(stream: BinaryIO, name: str, memory_bytes: int = MEMORY_BYTES) -> None:
    """Raise UnreadableFile if opening the workbook takes more memory or time than it may. Damage is not reported."""
    stream.seek(0)
    given: dict[str, object] = {}
    try:
        descriptor = stream.fileno()
    except (OSError, AttributeError, io.UnsupportedOperation):
        given["input"] = stream.read()
    else:
        os.lseek(descriptor, 0, os.SEEK_SET)
        given["stdin"] = descriptor
    try:
        code = subprocess.run(  # noqa: S603 (our own program)
            python_command(_PROGRAM, str(memory_bytes)), check=False, timeout=_SECONDS, cwd=NEUTRAL_DIRECTORY,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **given,  # type: ignore[call-overload]
        ).returncode  # fmt: skip
    except subprocess.TimeoutExpired:
        code = _OUT_OF_MEMORY
    stream.seek(0)
    if code < 0 or code == _OUT_OF_MEMORY:
        raise UnreadableFile(f"{name}: has sheets too large to be opened: save the sheet as CSV")
