"""Which process runs an import, and whether it has ended without saying so: it was killed, or the machine stopped.

An import notes its process in its report while it runs. Another process on the same machine can tell whether that one
still runs. For one on another machine, a long silence counts as its end.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from letrics.normalize.time import parse_time
from letrics.store.import_record import SILENT_MS, ImportRecord

PROCESS: Final = "process"
"""The name of the process in the report of a running import."""
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
"""Identifies a machine since it was started."""
_NAMESPACE: Final = Path("/proc/self/ns/pid")
"""Identifies the container, or other namespace, in which process ids are unique."""


def name_process(pid: int | None = None) -> str | None:
    """The machine and the number of a process, by default this one; None if the system does not tell (not Linux).

    The number has the time at which the process started, because another process may get its id later.
    """
    pid = os.getpid() if pid is None else pid
    try:
        # proc_pid_stat(5), field 22: the start in clock ticks since the system started. The name may have spaces.
        started = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
        return f"{_machine()} {pid} {started}"
    except OSError:
        return None


def is_interrupted(record: ImportRecord, now: str) -> bool:
    """Whether an import is recorded as running, and its process has ended. `now` is a time as in documents."""
    if record.status != "running":
        return False
    return not is_process_alive(record, abs(parse_time(now) - parse_time(record.updated_at)) < SILENT_MS)


def is_process_alive(record: ImportRecord, otherwise: bool) -> bool:
    """Whether the process of a running import runs; `otherwise` if its report does not tell, or it was started on
    another machine."""
    return is_named_process_alive(str(record.report.get(PROCESS, "")), otherwise)


def is_named_process_alive(named: str, otherwise: bool) -> bool:
    """Whether the process that `name_process` named runs; `otherwise` if it was started on another machine."""
    machine, _, number = named.partition(" ")
    pid = number.partition(" ")[0]
    if not pid.isdecimal() or machine != _machine():
        return otherwise
    return name_process(int(pid)) == named


def _machine() -> str:
    try:
        return f"{_BOOT.read_text().strip()}:{_NAMESPACE.readlink()}"
    except OSError:
        return ""
