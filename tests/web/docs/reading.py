"""The manual as the server shows it: its pages, their anchors, links and samples."""

from __future__ import annotations

from html.parser import HTMLParser

from letrics.web.docs.contents import chapters


class Page(HTMLParser):
    """What a page holds. `samples` are the texts of code that names a language, by the id of the element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.samples: dict[str, str] = {}
        self.words = ""
        self.loaded: list[str] = []
        self.inline: list[str] = []
        self._sample = ""
        self._silent = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        elif given.get("href") or given.get("src"):
            self.loaded.append(given.get("href") or given["src"])
        self.inline += [name for name in given if name == "style" or name.startswith(("on", "hx-on"))]
        if tag in ("script", "style"):
            self._silent = tag
        if "data-language" in given:
            self._sample = given["id"]
            self.samples[self._sample] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""
        if tag == "code":
            self._sample = ""

    def handle_data(self, data: str) -> None:
        if self._silent:
            self.inline += [data] if data.strip() else []
        else:
            self.words += data
        if self._sample:
            self.samples[self._sample] += data


PATHS = [chapter.path for chapter in chapters()]
