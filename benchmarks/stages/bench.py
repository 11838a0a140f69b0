"""What a stage is told, and what it leaves: sizes, places on disk, cores, and figures kept as JSON beside the data."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import longest_stop
from letrics.settings import Home

ROOT: Final = Path(__file__).parents[2]
SERVER: Final = 0
"""The core of whatever is measured."""
CLIENT: Final = 1
"""The core of whoever asks it."""
_READ_BYTES: Final = 1 << 24
_CALM_SECONDS: Final = 120.0
_CALM_MS: Final = 6.0
_EVERY: Final = sorted(os.sched_getaffinity(0))
"""All there are; as this module is imported, none is taken yet."""

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bench:
    """One size of data and where it lies. `home` is never changed once it is imported."""

    contacts: int
    companies: int
    seed: int
    data: Path
    home: Path
    peers: tuple[str, ...]
    peer_searches: int
    peer_seconds: float
    import_rows: int

    def keep(self, name: str, figures: Any) -> None:
        """Keep what a stage found, beside the data."""
        path = self.data / "figures" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        beside.write_text(json.dumps(figures, indent=1))
        beside.rename(path)

    def kept(self, name: str) -> Any:
        """What a stage found when it was last run; None where it has not been."""
        path = self.data / "figures" / f"{name}.json"
        return json.loads(path.read_text()) if path.exists() else None

    @contextmanager
    def copy_of_home(self, name: str) -> Iterator[Path]:
        """A copy to change, in the kernel's memory instead of the home itself; gone at the end of the block."""
        copy = self.data / f"home-{name}"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.home, copy, ignore=shutil.ignore_patterns("peers", "*.lock", "accounts.db*"))
        os.sync()  # writing it out must not fall into what is measured
        forget(self.home)
        remember(copy)
        calm()
        try:
            yield copy
        finally:
            shutil.rmtree(copy, ignore_errors=True)


def calm() -> None:
    """Wait until the machine is not stopped any more, as it is for a while after gigabytes were written; two minutes
    at most."""
    until = time.monotonic() + _CALM_SECONDS
    while time.monotonic() < until:
        time.sleep(_CALM_SECONDS / 60)
        if longest_stop(1.0) < _CALM_MS:
            return


def remember(home: Path) -> None:
    """Read the database and the index, so that they are in the kernel's memory as those of a home in use are."""
    for path in _files(home):
        with path.open("rb", buffering=0) as file:
            while file.read(_READ_BYTES):
                pass


def forget(home: Path) -> None:
    """Let the kernel have the memory in which it keeps them."""
    for path in _files(home):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _files(home: Path) -> list[Path]:
    return [path for path in (Home(home).database, Home(home).snapshot) if path.exists()]


def stay_on(core: int | None) -> None:
    """Bind this process, and those it starts, to one core; None: to none."""
    os.sched_setaffinity(0, _EVERY if core is None else {core})


def python(core: int | None, *command: object) -> list[str]:
    """A Python command bound to a core; None: to none, whatever this process is bound to."""
    bound = ",".join(map(str, _EVERY)) if core is None else str(core)
    return ["taskset", "-c", bound, sys.executable, *map(str, command)]


def environment(home: Path, source: Path = ROOT) -> dict[str, str]:
    """The environment of a command over `home` that runs the program of the working tree `source`.

    Settings of the caller's environment are removed. The benchmark's own modules are always those of this tree.
    """
    others = {name: value for name, value in os.environ.items() if not name.startswith("LETRICS_")}
    return others | {"LETRICS_HOME": str(home), "PYTHONPATH": f"{source / 'src'}:{ROOT}"}
