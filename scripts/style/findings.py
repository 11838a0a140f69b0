"""What a check reports, and the files that checks read."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


@dataclass(frozen=True)
class Finding:
    """One violation. `path` is relative to the project; commits have `commit <id>` and line 0 instead."""

    check: str
    path: str
    line: int
    problem: str
    suggestion: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.problem}: {self.suggestion}"

    @property
    def folder(self) -> str:
        """The first folders of the path: three below src/letrics, two elsewhere."""
        folders = PurePosixPath(self.path).parts[:-1]
        return "/".join(folders[: 3 if folders[:1] == ("src",) else 2]) or "(top level)"

    def is_below(self, paths: Iterable[str]) -> bool:
        """Whether the file is one of `paths` or lies in one of them."""
        return any(PurePosixPath(self.path).is_relative_to(path) for path in paths)


def project_files(root: Path) -> list[str]:
    """The relative paths of the files that git does not ignore, sorted; without git, of all that are not hidden."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        return sorted(_walk(root))
    return sorted({name for name in listed.split("\0") if name and (root / name).is_file()})


def _walk(root: Path) -> Iterator[str]:
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = [name for name in subfolders if not name.startswith(".") and name != "__pycache__"]
        for name in names:
            yield (Path(folder) / name).relative_to(root).as_posix()
