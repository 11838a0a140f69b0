"""Convert a Markdown page of the manual to HTML, in parts: code blocks are separate, because some depend on the server.

HTML in Markdown is escaped. Comments are dropped. The ids of headings are those that GitHub assigns, so that links with
a fragment lead to the same place in the repository and on the server. Three additions to Markdown:

- A comment `<!-- id: NAME -->` gives the next heading a second id.
- A row of a table whose first cell is one name in backticks has this name as its id.
- The info string of a fenced code block can contain `server` (the block contains the address or the home of the server)
  or `sample=NAME` (the block is the sample NAME of `letrics.web.docs.requests`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import cycle
from typing import Final, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

Resolve = Callable[[str], str | None]
"""Returns the URL of the target of a link. The text of a link without URL is shown as text."""

_COMMENT: Final = re.compile(r"<!--(?: id: ([\w-]+) -->|(?:(?!-->).)*-->)", re.DOTALL)
"""Matches a comment. The group is the id in it."""

_NAME: Final = re.compile(r"[a-z]\w*")
"""Matches names that are used as ids of table rows."""


@dataclass(frozen=True, slots=True)
class PagePart:
    """A piece of a page: HTML, the text of a code block, or the name of a sample."""

    kind: Literal["html", "code", "server", "sample"]
    text: str


@dataclass(frozen=True, slots=True)
class ManualPage:
    """A converted page. `title` is the text of its first heading."""

    title: str
    parts: tuple[PagePart, ...]


def convert(source: str, resolve: Resolve, linked: frozenset[str] = frozenset()) -> ManualPage:
    """Convert the text of a page. Text in backticks that is in `linked`, paths of the server, becomes a link."""
    tokens = list(_add_ids(_parser().parse(source)))
    for token in tokens:
        if token.type == "inline":
            token.children = list(_resolve_links(token.children or [], resolve, linked))
    title = next(tokens[at + 1] for at, token in enumerate(tokens) if token.type == "heading_open")
    return ManualPage(_text(title), tuple(_parts(list(_add_markup(tokens)))))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def _text(inline: Token) -> str:
    return "".join(child.content for child in inline.children or [])


def _add_ids(tokens: Sequence[Token]) -> Iterator[Token]:
    """Drop comments. Add ids to headings and to rows of tables."""
    tokens = list(tokens)
    slugs: Counter[str] = Counter()
    taken: set[str] = set()
    extra: list[str] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        comment = _COMMENT.fullmatch(tokens[at + 1].content) if token.type == "paragraph_open" else None
        if comment:
            extra += [comment[1]] if comment[1] else []
            at += 3
            continue
        if token.type == "heading_open":
            slug = re.sub(r"[^\w\- ]", "", _text(tokens[at + 1]).lower()).replace(" ", "-")
            slugs[slug] += 1
            token.attrSet("id", slug if slugs[slug] == 1 else f"{slug}-{slugs[slug] - 1}")
            token.meta["extra"] = [name for name in extra if name != slug]
            taken |= {slug, *extra}
            extra = []
        yield token
        at += 1
    for row, token in enumerate(tokens):
        if token.type == "td_open" and tokens[row - 1].type == "tr_open":
            cell = tokens[row + 1].children or []
            if len(cell) == 1 and cell[0].type == "code_inline" and _NAME.fullmatch(name := cell[0].content):
                if name not in taken:
                    tokens[row - 1].attrSet("id", name)
                taken.add(name)


def _resolve_links(children: Sequence[Token], resolve: Resolve, linked: frozenset[str]) -> Iterator[Token]:
    inside = False
    shown = True
    for token in children:
        if token.type == "link_open":
            url = resolve(str(token.attrs["href"]))
            inside, shown = True, url is not None
            if url is None:
                continue
            token.attrSet("href", url)
        elif token.type == "link_close":
            inside = False
            if not shown:
                continue
        elif token.type == "code_inline" and not inside and token.content in linked:
            yield Token("link_open", "a", 1, attrs={"href": token.content})
            yield token
            yield Token("link_close", "a", -1)
            continue
        yield token


def _add_markup(tokens: Sequence[Token]) -> Iterator[Token]:
    """Add what the style sheet and screen readers need: a link at each heading, and tables that scroll.

    On small screens, the rows of tables of three or four columns become cards, whose cells have labels.
    """
    heading, tables = "", Counter[str]()
    labels: Iterator[str] | None = None
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            heading, inline = _text(tokens[at + 1]), tokens[at + 1]
            spans = "".join(f'<span id="{escape(name)}"></span>' for name in token.meta["extra"])
            anchor = f' <a class="anchor" href="#{token.attrs["id"]}" aria-label="Link to {escape(heading)}">#</a>'
            inline.children = [_raw(spans), *(inline.children or []), *([_raw(anchor)] if token.tag != "h1" else [])]
        elif token.type == "table_open":
            tables[heading] += 1
            label = heading if tables[heading] == 1 else f"{heading}, {tables[heading]}"
            yield _raw(f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(label)}">')
            labels = _labels(tokens[at:])
            token.attrSet("class", "about" if labels is None else "about cards")
        elif token.type == "th_open":
            token.attrSet("scope", "col")
        elif token.type == "td_open" and labels:
            token.attrSet("data-label", next(labels))
            tokens[at + 1].children = [_raw("<span>"), *(tokens[at + 1].children or []), _raw("</span>")]
        yield token
        if token.type == "table_close":
            yield _raw("</div>")


def _labels(table: Sequence[Token]) -> Iterator[str] | None:
    """Return the headings of the columns, endlessly, if there are three or four."""
    end = next(at for at, token in enumerate(table) if token.type == "thead_close")
    names = [_text(table[at + 1]) for at in range(end) if table[at].type == "th_open"]
    return cycle(names) if len(names) in (3, 4) else None


def _raw(html: str) -> Token:
    """Return a token that is rendered as it is."""
    return Token("html_inline", "", 0, content=html)


def _parts(tokens: Sequence[Token]) -> Iterator[PagePart]:
    """Render the tokens, split at code blocks."""
    begin = 0
    for at, token in enumerate(tokens):
        if token.type in ("fence", "code_block"):
            yield _html(tokens[begin:at])
            begin = at + 1
            words = token.info.split()
            sample = next((word.removeprefix("sample=") for word in words if word.startswith("sample=")), None)
            if sample is not None:
                yield PagePart("sample", sample)
            else:
                yield PagePart("server" if "server" in words else "code", token.content.rstrip("\n"))
    yield _html(tokens[begin:])


def _html(tokens: Sequence[Token]) -> PagePart:
    parser = _parser()
    html = parser.renderer.render(tokens, parser.options, {})
    return PagePart("html", Markup(html))  # noqa: S704 (the renderer escapes all text)
