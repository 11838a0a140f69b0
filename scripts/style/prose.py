"""Find the prose in a file: what a person reads, without code, samples and markup.

What is left out is replaced by spaces, so that a position in the text keeps its line. Code in backticks and samples in
double quotes are never prose.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

GENERATED = ("benchmarks/results/",)
"""Written by programs, whose own texts are checked."""

RELEASED_MIGRATIONS = (
    "src/letrics/accounts/migrations/0001_users_and_tokens.sql",
    "src/letrics/accounts/migrations/0002_sessions.sql",
    "src/letrics/accounts/migrations/0003_roles.sql",
    "src/letrics/store/sqlite/migrations/0001_log.sql",
    "src/letrics/store/sqlite/migrations/0002_recent_keys.sql",
)
"""Databases have recorded the checksums of these files, so that not even a comment in them can change."""

_FOREIGN = re.compile(r"/vendor/|^LICENSE|^NOTICE")
_QUOTED = re.compile(r'`+[^`\n]+(?:\n[^`\n]+)?`+|\\?"[^"\n]{1,100}?\\?"|“[^”\n]*”|https?://\S+')
_TWO_WORDS = re.compile(r"[A-Za-z][,.:;]? [A-Za-z]")
_SQL = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|WITH|PRAGMA|ATTACH|VACUUM|COPY|FROM|WHERE)\b")

_MARKDOWN_CODE = re.compile(r"^```.*?^```|<!--.*?-->|(?<=\n\n)(?:(?: {4}|\t)[^\n]*\n+)+|\]\([^)\n]*\)", re.M | re.S)
_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_HTML_CODE = re.compile(r"<(script|style|code|pre|kbd|samp)\b.*?</\1>", re.DOTALL)
_HTML_TAG = re.compile(r"<[a-zA-Z/!][^>]*>")
_HTML_ATTRIBUTE = re.compile(r'\b(?:title|alt|placeholder|aria-label)="([^"]*)"')
_STRING = re.compile(r"\"((?:\\.|[^\"\\\n])*)\"|'((?:\\.|[^'\\\n])*)'")
_JAVASCRIPT = re.compile(
    r"(?P<comment>(?://[^\n]*(?:\n[ \t]*(?=//))?)+|/\*.*?\*/)"
    r"|(?P<text>\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)",
    re.DOTALL,
)
_HASH_COMMENT = re.compile(r"(?:(?:^|(?<=\s))#[^\n]*(?:\n[ \t]*(?=#))?)+", re.MULTILINE)
_SQL_COMMENT = re.compile(r"(?:--[^\n]*(?:\n[ \t]*(?=--))?)+")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True)
class Prose:
    """A piece of prose and the line of the file that it begins on, counted from 1."""

    line: int
    text: str


def read_prose(path: str, root: Path) -> list[Prose]:
    """The prose of a file, in order; none if it is of another kind, foreign, generated or a released migration."""
    reader = _READERS.get(Path(path).suffix or Path(path).name)
    if reader is None or path.startswith(GENERATED) or path in RELEASED_MIGRATIONS or _FOREIGN.search(path):
        return []
    source = (root / path).read_text("utf-8")
    parts = python_prose(source, texts=not path.startswith("tests/")) if path.endswith(".py") else reader(source)
    return [Prose(part.line, _blank(_QUOTED, part.text)) for part in parts]


def python_prose(source: str, texts: bool = True) -> Iterator[Prose]:
    """Comments and string statements; with `texts` also every other string of two words or more that is not SQL."""
    yield from _python_comments(source)
    lines = source.encode().split(b"\n")
    pending: list[ast.AST] = [ast.parse(source)]
    while pending:
        node = pending.pop()
        statement = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        wanted = statement or (texts and isinstance(node, ast.Constant | ast.JoinedStr))
        if wanted and isinstance(node, ast.expr | ast.stmt):
            written = _written(lines, node)
            if (
                _is_string(node)
                and _TWO_WORDS.search(written)
                and (statement or not _SQL.match(written.lstrip("rf\"'")))
            ):
                yield Prose(node.lineno, _blank(re.compile(r"\{[^{}\n]*\}"), written))
            continue
        pending.extend(ast.iter_child_nodes(node))


def _is_string(node: ast.AST) -> bool:
    value = node.value if isinstance(node, ast.Expr) else node
    return isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and isinstance(value.value, str))


def _written(lines: list[bytes], node: ast.expr | ast.stmt) -> str:
    """The source of a string, with its quotes and those between joined parts replaced by spaces."""
    last = node.end_lineno or node.lineno
    part = lines[node.lineno - 1 : last]
    part[-1] = part[-1][: node.end_col_offset]
    part[0] = part[0][node.col_offset :]
    text = re.sub(r"([\"'])(\s*\n\s*)[rfbRFB]{0,2}\1", r" \2 ", b"\n".join(part).decode())
    return re.sub(r"^[rfbRFB]{0,2}([\"']{1,3})|[\"']{1,3}$", lambda quotes: " " * len(quotes[0]), text)


def _python_comments(source: str) -> Iterator[Prose]:
    """Comments; those of whole lines that follow each other are one piece."""
    begun, last, words = 0, -1, list[str]()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            whole_line = not token.line[: token.start[1]].strip()
            if words and not (whole_line and token.start[0] == last + 1):
                yield Prose(begun, "\n".join(words))
                words = []
            begun = begun if words else token.start[0]
            last = token.start[0] if whole_line else -1
            words.append(token.string.lstrip("#"))
    if words:
        yield Prose(begun, "\n".join(words))


def _markdown(source: str) -> Iterator[Prose]:
    yield Prose(1, _blank(_MARKDOWN_CODE, source))


def _html(source: str) -> Iterator[Prose]:
    for attribute in _HTML_ATTRIBUTE.finditer(source):
        yield Prose(_line(source, attribute.start()), _blank(_JINJA, attribute[1]))
    for block in _JINJA.finditer(source):
        for string in _STRING.finditer(block[0]):
            text = string[1] or string[2] or ""
            if _TWO_WORDS.search(text):
                yield Prose(_line(source, block.start() + string.start()), text)
    for pattern in (_HTML_CODE, _JINJA, _HTML_TAG):
        source = _blank(pattern, source)
    yield Prose(1, source)


def _javascript(source: str) -> Iterator[Prose]:
    for match in _JAVASCRIPT.finditer(source):
        if match["comment"]:
            yield Prose(_line(source, match.start()), re.sub(r"[/*]", " ", match[0]))
        elif _TWO_WORDS.search(match[0]):
            yield Prose(_line(source, match.start()), _blank(re.compile(r"\$\{[^}]*\}"), match[0][1:-1]))


def _comments(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Prose]]:
    """A reader of the comments that the pattern finds."""

    def read(source: str) -> Iterator[Prose]:
        for match in pattern.finditer(source):
            yield Prose(_line(source, match.start()), re.sub(r"[#*/]|--", " ", match[0]))

    return read


def _blank(pattern: re.Pattern[str], text: str) -> str:
    """The text with what the pattern finds replaced by spaces; line ends stay."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def _line(source: str, position: int) -> int:
    return source.count("\n", 0, position) + 1


_READERS: dict[str, Callable[[str], Iterator[Prose]]] = {
    ".py": python_prose,
    ".md": _markdown,
    ".html": _html,
    ".js": _javascript,
    ".css": _comments(_CSS_COMMENT),
    ".sql": _comments(_SQL_COMMENT),
    ".sh": _comments(_HASH_COMMENT),
    ".toml": _comments(_HASH_COMMENT),
    "Makefile": _comments(_HASH_COMMENT),
    "run": _comments(_HASH_COMMENT),
}
