"""The seam every peer stands behind: built from the extract, opened, asked what the engine was asked, measured.

A runner gives every peer a process of its own, so that memory is that of one peer. Order of calls: `missing`, `build`
(once for an extract and a directory; what it left can be opened again later), `open`, any number of `search`, `close`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from letrics.engines.base import Window
from letrics.query import Request

Answer = tuple[int, list[int]]
"""The exact total, and the nums of the window in its order."""

ASKED = frozenset({
    "company.locations", "company.primary_location", "company.functions", "company.industries", "company.tlds",
    "company.technologies", "company.domain", "company.has_linkedin", "company.has_generic_email", "company.employees",
    "company.founded_year", "company.added", "company.first_seen", "company.updated", "contact.job_title",
    "contact.department", "contact.seniority", "contact.has_personal_email", "contact.has_linkedin",
    "contact.is_decision_maker", "contact.added", "contact.updated",
})  # fmt: skip
"""Names of the facts peers are laid out for; a search that asks for another raises NotImplementedError."""


@dataclass(frozen=True, slots=True)
class BuildFigures:
    """Seconds of elapsed time from the extract to a peer that can be opened, and the bytes it then takes on disk."""

    seconds: float
    disk_bytes: int


class Peer(Protocol):
    """A database asked the same of the same records. One caller at a time."""

    name: str
    """As tables call it: PostgreSQL, DuckDB, SQLite or Tantivy."""

    def missing(self) -> str | None:
        """Why this peer cannot run here (a package or program that is not installed); None where it can."""
        ...

    def version(self) -> str:
        """The database's own version, with its bindings'."""
        ...

    def build(self, extract: Path, directory: Path) -> BuildFigures:
        """Load the files of `benchmarks.peers.extract` in `extract` into a fresh database in `directory`, with indexes and
        statistics; whatever was in `directory` goes."""
        ...

    def open(self, directory: Path) -> None:
        """Make what `build` left in `directory` ready to answer; starts a server where the peer has one."""
        ...

    def search(self, request: Request, window: Window, seconds: float) -> Answer | None:
        """The answer to `request`, or None where it took longer than `seconds`."""
        ...

    def memory_bytes(self) -> int:
        """Memory of the processes that answer beyond what this one held when `open` was called: proportional set size
        without pages of files (a server's shared buffers are memory, the kernel's cache of files is not)."""
        ...

    def close(self) -> None:
        """Let go of everything; a server that `open` started is stopped."""
        ...


def disk_bytes(directory: Path) -> int:
    """The bytes that the files under `directory` take."""
    return sum(path.stat().st_blocks * 512 for path in directory.rglob("*") if path.is_file())


def process_bytes(pid: int | str = "self") -> int:
    """Proportional set size of a process without pages of files (Linux)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:")))
