"""The protocol of all peers: built from the extract, opened, searched like the engine, measured, closed.

Each peer has a separate process, so that memory is that of one peer. Order of calls: `missing`, `build` (once for an
extract and a directory; the result can be opened again later), `open`, any number of `search`, `close`.
"""

from __future__ import annotations

import shutil
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar, Final

from benchmarks.measure import disk_bytes, memory
from letrics.engines.base import Window
from letrics.query import Request

Result = tuple[int, list[int]]
"""The exact total, and the nums of the window in its order."""

FACTS_USED: Final = frozenset({
    "company.locations", "company.primary_location", "company.functions", "company.industries", "company.tlds",
    "company.technologies", "company.domain", "company.has_linkedin", "company.has_generic_email", "company.employees",
    "company.founded_year", "company.added", "company.first_seen", "company.updated", "contact.job_title",
    "contact.department", "contact.seniority", "contact.has_personal_email", "contact.has_linkedin",
    "contact.is_decision_maker", "contact.added", "contact.updated",
})  # fmt: skip
"""Names of the facts that peers index; a search by another fact raises NotImplementedError."""


@dataclass(frozen=True, slots=True)
class BuildFigures:
    """The elapsed seconds from the extract to a peer that can be opened, and its bytes on disk."""

    seconds: float
    disk_bytes: int


class Peer(ABC):
    """A database with the same records that runs the same searches. One caller at a time."""

    name: ClassVar[str]
    """The name in tables: PostgreSQL, DuckDB, SQLite or Tantivy."""
    packages: ClassVar[tuple[str, ...]] = ()
    """The Python packages that it needs."""

    def missing(self) -> str | None:
        """Why this peer cannot run here (a package or program that is not installed), or None."""
        lacking = (package for package in self.packages if not find_spec(package))
        return next((f"the package {package} is not installed" for package in lacking), None)

    @abstractmethod
    def version(self) -> str:
        """The version of the database or of its bindings."""

    def build(self, extract: Path, directory: Path) -> BuildFigures:
        """Load the files of `benchmarks.peers.extract` into a new database, with indexes and statistics.

        Replaces everything in `directory`.
        """
        started = time.monotonic()
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        shutil.copy(extract / "vocabulary.parquet", directory)
        self.load(extract, directory)
        return BuildFigures(time.monotonic() - started, disk_bytes(directory))

    @abstractmethod
    def load(self, extract: Path, directory: Path) -> None:
        """Do the work of `build` in an empty directory that has the vocabulary."""

    def open(self, directory: Path) -> None:
        """Make the result of `build` in `directory` ready for searches; starts a server if the peer has one."""
        from benchmarks.peers.vocabulary import Vocabulary

        self._memory_before = memory()
        self._vocabulary = Vocabulary(directory)
        self.connect(directory)

    @abstractmethod
    def connect(self, directory: Path) -> None:
        """Do the work of `open`."""

    @abstractmethod
    def search(self, request: Request, window: Window, seconds: float) -> Result | None:
        """The result of `request`, or None if it took longer than `seconds`."""

    def memory_bytes(self) -> int:
        """Memory of the searching processes beyond that of this process when `open` was called.

        Proportional set size without pages of files (a server's shared buffers are memory, the page cache is not).
        """
        return memory() - self._memory_before

    @abstractmethod
    def close(self) -> None:
        """Release everything; a server that `open` started is stopped."""
