"""The pages of the manual as the server shows them: links between pages, commands and addresses of this server."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from letrics.web.command import shell_command
from letrics.web.docs.contents import Chapter, chapters, manual_folder

if TYPE_CHECKING:
    from letrics.web.docs.markdown import ManualPage

ADDRESS: Final = "http://127.0.0.1:8000"
"""The address of a server in the Markdown files."""

LINKED: Final = frozenset({"/openapi.json", "/settings/sessions", "/settings/tokens"})
"""Paths that become links on the server. Every user may open them."""

_COMMAND: Final = re.compile(r"(?P<before>^|\$\(|\| |&& )letrics (?P<name>(?:(?:user|token) )?[a-z]+)", re.MULTILINE)
"""Matches the start of a command in a code block."""


def load_manual() -> None:
    """Convert all pages (0.2 s in total), so that no request has to wait for it."""
    for chapter in chapters():
        read_page(chapter)


@cache
def read_page(chapter: Chapter) -> ManualPage:
    """Read and convert a page."""
    from letrics.web.docs.markdown import convert  # the library takes 60 ms to import

    return convert((manual_folder() / f"{chapter.name}.md").read_text("utf-8"), resolve_link, LINKED)


def resolve_link(target: str) -> str | None:
    """Return the URL on the server of a link in a page, or None if it leads to a file that the server does not have."""
    if target.startswith("#") or urlsplit(target).scheme:
        return target
    file, _, fragment = target.partition("#")
    path = next((chapter.path for chapter in chapters() if file == f"{chapter.name}.md"), None)
    return path and (f"{path}#{fragment}" if fragment else path)


def adapt(text: str, url: str, home: str) -> str:
    """Replace the address in a code block with `url`, and add `--home` to its commands if `home` is not empty."""

    def command(found: re.Match[str]) -> str:
        return found["before"] + shell_command(home, *found["name"].split())

    return _COMMAND.sub(command, text.replace(ADDRESS, url))
