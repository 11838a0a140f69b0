"""What every stage is given: sizes, paths, cores, and a store of figures as JSON next to the data."""

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
"""The core of the process that is measured."""
CLIENT: Final = 1
"""The core of its clients."""
_CALM_SECONDS: Final = 120.0
"""The longest wait for a machine that is not stopped now and then."""
_CALM_MS: Final = 6.0
"""The longest stop within a second on a calm machine."""
_ALL_CORES: Final = sorted(os.sched_getaffinity(0))
"""The cores of this process when the module is imported."""

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bench:
    """One size of data and its directories. `home` never changes after its import."""

    contacts: int
    companies: int
    seed: int
    data: Path
    home: Path
    peers: tuple[str, ...] = ()
    peer_searches: int = 200
    peer_seconds: float = 10.0
    import_rows: int = 200_000
    cluster: str = ""
    """The URL of an OpenSearch cluster, as in the setting `engine`, without a prefix."""
    shards: int = 1
    """The number of shards of each index there."""

    @property
    def size(self) -> tuple[Path, int, int, int]:
        """The arguments of functions of `benchmarks.generate`."""
        return self.data, self.companies, self.contacts, self.seed

    def save(self, name: str, figures: Any) -> None:
        path = self._figures(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text(json.dumps(figures, indent=1))
        part.rename(path)

    def saved(self, name: str) -> Any:
        """The figures of the last run of a stage; None if there was none."""
        path = self._figures(name)
        return json.loads(path.read_text()) if path.exists() else None

    def _figures(self, name: str) -> Path:
        return self.data / "figures" / f"{name}.json"

    @contextmanager
    def copy_of_home(self, name: str) -> Iterator[Path]:
        """A copy that may change, in the page cache instead of the home itself; deleted at the end of the block."""
        copy = self.data / f"home-{name}"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.home, copy, ignore=shutil.ignore_patterns("peers", "*.lock", "accounts.db*"))
        os.sync()  # not while the stage measures
        for path in _files(self.home):
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        read_files(copy)
        _wait_until_calm()
        try:
            yield copy
        finally:
            shutil.rmtree(copy, ignore_errors=True)


def read_files(home: Path) -> None:
    """Read the database and the index, so that they are in the page cache as in a home in use."""
    for path in _files(home):
        with path.open("rb", buffering=0) as file:
            while file.read(1 << 24):
                pass


def _files(home: Path) -> list[Path]:
    return [path for path in (Home(home).database, Home(home).snapshot) if path.exists()]


def _wait_until_calm() -> None:
    """Wait until the machine is no longer stopped now and then, as it is after gigabytes were written."""
    until = time.monotonic() + _CALM_SECONDS
    while time.monotonic() < until:
        time.sleep(_CALM_SECONDS / 60)
        if longest_stop(1.0) < _CALM_MS:
            return


def stay_on(core: int | None) -> None:
    """Bind this process and its future children to one core, or to all (None)."""
    os.sched_setaffinity(0, _ALL_CORES if core is None else {core})


def python(core: int | None, *command: object) -> list[str]:
    """A Python command bound to one core, or to all (None), whatever this process is bound to."""
    cores = ",".join(map(str, _ALL_CORES)) if core is None else str(core)
    return ["taskset", "-c", cores, sys.executable, *map(str, command)]


def letrics(core: int | None, *arguments: object) -> list[str]:
    """A command of the program, bound like `python`."""
    return python(core, "-m", "letrics.cli", *arguments)


def environment(home: Path, source: Path = ROOT) -> dict[str, str]:
    """The environment of a command over `home` that runs the program of the working tree `source`.

    Settings of the caller's environment are removed. The benchmark's own modules are always those of this tree.
    """
    others = {name: value for name, value in os.environ.items() if not name.startswith("LETRICS_")}
    return others | {"LETRICS_HOME": str(home), "PYTHONPATH": f"{source / 'src'}:{ROOT}"}
