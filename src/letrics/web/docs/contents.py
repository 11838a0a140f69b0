"""Table of contents of the manual, read from its index page, README.md.

The index page has one level-2 heading per group and one list item per page: `- [Title](file.md): what it is about`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

INDEX: Final = "README"
"""Name of the index page, without suffix. Its path on the server is /docs."""

_GROUP: Final = re.compile(r"^## (.+)$|^- \[([^\]]+)\]\(([\w-]+)\.md\)", re.MULTILINE)
"""Matches the heading of a group, or the title and file name of a page."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One page. `name` is the name of its file in docs, without suffix."""

    name: str
    title: str

    @property
    def path(self) -> str:
        """The path of the page on the server."""
        return "/docs" if self.name == INDEX else f"/docs/{self.name}"


def manual_folder() -> Traversable:
    """Return the folder of the Markdown files: in the package, or in the repository if it is installed editable."""
    packaged = resources.files("letrics.web.docs") / "manual"
    return packaged if packaged.is_dir() else Path(__file__).parents[4] / "docs"


@cache
def contents() -> tuple[tuple[str, tuple[Chapter, ...]], ...]:
    """Return the pages in the order of the index page, grouped by heading. The index page is first, without heading."""
    groups: list[tuple[str, list[Chapter]]] = [("", [Chapter(INDEX, "Contents")])]
    for heading, title, name in _GROUP.findall((manual_folder() / f"{INDEX}.md").read_text("utf-8")):
        if heading:
            groups.append((heading, []))
        else:
            groups[-1][1].append(Chapter(name, title))
    return tuple((heading, tuple(chapters)) for heading, chapters in groups if chapters)


@cache
def chapters() -> tuple[Chapter, ...]:
    """Return all pages in the order of the index page."""
    return tuple(chapter for _, listed in contents() for chapter in listed)
