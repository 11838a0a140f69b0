"""The regular expressions of the program, what is done with each, and texts made to be slow for it.

Patterns are found twice: as objects, by importing every module, and as calls, by walking the sources. A call whose
pattern is no object of a module is reported, so that none escapes.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from re import _constants as tokens  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any, Final

import letrics

ROOT: Final = Path(letrics.__file__).parent
METHODS: Final = ("match", "fullmatch", "search", "split", "findall", "finditer", "sub", "subn")
_MANY: Final = 64
"""A repetition of more than this may be long; one of fewer is bounded."""
_LETTERS: Final = 9
"""The most characters that are repeated for one pattern."""
_PAIRED: Final = 5
"""The most characters of which pairs are repeated."""
_STARTS: Final = 6
"""The most beginnings that are tried for one pattern."""


@dataclass(frozen=True)
class Use:
    """A pattern, the name it has in the program, and the methods it is called with."""

    name: str
    pattern: re.Pattern[Any]
    methods: tuple[str, ...]


def modules() -> Iterator[ModuleType]:
    """Every module of the program, but for those whose optional packages are missing."""
    yield letrics
    for found in pkgutil.walk_packages(letrics.__path__, "letrics."):
        if not found.name.endswith("__main__"):
            with suppress(ModuleNotFoundError):
                yield importlib.import_module(found.name)


def objects() -> dict[str, re.Pattern[Any]]:
    """The compiled patterns that modules and their classes hold, also within containers, by name."""
    found: dict[str, re.Pattern[Any]] = {}
    for module in modules():
        for name, value in vars(module).items():
            for place, pattern in _within(value, module.__name__):
                found.setdefault(f"{module.__name__}.{name}{place}", pattern)
    return found


def _within(value: object, module: str) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield "", value
    elif isinstance(value, list | tuple | set | frozenset):
        for place, item in enumerate(value):
            yield from ((f"[{place}]{rest}", pattern) for rest, pattern in _within(item, module))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from ((f"[{key!r}]{rest}", pattern) for rest, pattern in _within(item, module))
    elif isinstance(value, type) and value.__module__ == module:
        for name, item in vars(value).items():
            if isinstance(item, re.Pattern):
                yield f".{name}", item


@dataclass(frozen=True)
class Call:
    """A call in the sources of a function or method that has the name of one of `re`."""

    place: str
    owner: str | None
    method: str
    arguments: tuple[ast.expr, ...]


@cache
def calls() -> tuple[Call, ...]:
    """The calls in the sources that may be of regular expressions, `re.compile` among them."""
    return tuple(
        Call(f"{path.relative_to(ROOT)}:{node.lineno}", _last_name(node.func.value), node.func.attr, tuple(node.args))
        for path in sorted(ROOT.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in ("compile", *METHODS)
    )


def methods_of(name: str) -> tuple[str, ...]:
    """The methods called on a pattern of this name anywhere in the program; the usual ones where none is."""
    used = {call.method for call in calls() if call.owner == name and call.method in METHODS}
    return tuple(sorted(used)) or ("fullmatch", "match", "search")


def _last_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else None


def uses() -> list[Use]:
    """Every pattern of the program with its methods: those that are objects, and those given to `re` as they are."""
    found = [Use(name, pattern, methods_of(name.rpartition(".")[2])) for name, pattern in objects().items()]
    for call in calls():
        if call.owner == "re" and call.method != "compile" and isinstance(call.arguments[0], ast.Constant):
            found.append(Use(call.place, re.compile(call.arguments[0].value), (call.method,)))
    return found


def hostile(pattern: re.Pattern[Any], size: int) -> Iterator[Any]:
    """Texts of about `size` characters on which a pattern that backtracks takes long: a beginning that it takes, then a
    repetition of what is in it, then an end that it does not take."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    letters = _letters(tree)
    paired = letters[:_PAIRED]
    pumps = dict.fromkeys([*letters, *(a + b for a in paired for b in paired), *_bodies(tree)])
    starts = list(dict.fromkeys(["", *_beginnings(tree)]))[:_STARTS]
    for pump in filter(None, pumps):
        for start in starts:
            for end in ("", "\0", letters[0]):
                text = start + pump * (size // len(pump)) + end
                yield text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text


def _nodes(tree: Any) -> Iterator[tuple[Any, Any]]:
    for op, value in tree:
        yield op, value
        for below in _below(op, value):
            yield from _nodes(below)


def _below(op: Any, value: Any) -> list[Any]:
    if op in (tokens.MAX_REPEAT, tokens.MIN_REPEAT, tokens.POSSESSIVE_REPEAT):
        return [value[2]]
    if op is tokens.SUBPATTERN:
        return [value[3]]
    if op is tokens.BRANCH:
        return list(value[1])
    if op in (tokens.ASSERT, tokens.ASSERT_NOT):
        return [value[1]]
    return [value] if op is tokens.ATOMIC_GROUP else []


def _letters(tree: Any) -> list[str]:
    """One character of each literal and class of a pattern."""
    found: dict[str, None] = {}
    for op, value in _nodes(tree):
        letter = _letter(op, value)
        if letter is not None:
            found[letter] = None
    return list(found)[:_LETTERS] or ["a"]


def _letter(op: Any, value: Any) -> str | None:
    """A character that one element of a pattern takes."""
    if op is tokens.LITERAL:
        return chr(value)
    if op is tokens.NOT_LITERAL:
        return "b" if value == ord("a") else "a"
    if op is tokens.ANY:
        return "a"
    if op is tokens.CATEGORY:
        return _CATEGORIES.get(value, "a")
    if op is tokens.IN:
        return _letter_in(value)
    return None


_CATEGORIES: Final = {
    tokens.CATEGORY_SPACE: " ", tokens.CATEGORY_DIGIT: "0", tokens.CATEGORY_WORD: "w",
    tokens.CATEGORY_NOT_WORD: "!", tokens.CATEGORY_NOT_SPACE: "s", tokens.CATEGORY_NOT_DIGIT: "d",
}  # fmt: skip


def _letter_in(items: Any) -> str | None:
    if items[0][0] is tokens.NEGATE:
        taken = re.compile(f"[{_class(items[1:])}]")
        return next((c for c in "a 0-._\n\u00e9" if not taken.match(c)), None)
    for op, value in items:
        if op is tokens.RANGE:
            return chr(value[0])
        letter = _letter(op, value)
        if letter is not None:
            return letter
    return None


def _class(items: Any) -> str:
    written = []
    for op, value in items:
        if op is tokens.RANGE:
            written.append(f"\\U{value[0]:08x}-\\U{value[1]:08x}")
        elif op is tokens.LITERAL:
            written.append(f"\\U{value:08x}")
        else:
            written.append({" ": r"\s", "0": r"\d", "w": r"\w"}.get(_CATEGORIES.get(value, ""), ""))
    return "".join(written)


def _sample(tree: Any) -> str:
    """A short text that a part of a pattern takes, as nearly as possible without its assertions."""
    text = ""
    for op, value in tree:
        if op in (tokens.MAX_REPEAT, tokens.MIN_REPEAT, tokens.POSSESSIVE_REPEAT):
            text += _sample(value[2]) * max(min(value[0], 40), 1)
        elif op is tokens.SUBPATTERN:
            text += _sample(value[3])
        elif op is tokens.BRANCH:
            text += _sample(value[1][0])
        elif op is tokens.ATOMIC_GROUP:
            text += _sample(value)
        else:
            text += _letter(op, value) or ""
    return text


def _bodies(tree: Any) -> Iterator[str]:
    """A text for each thing that a pattern repeats without a narrow bound."""
    for op, value in _nodes(tree):
        if op in (tokens.MAX_REPEAT, tokens.MIN_REPEAT, tokens.POSSESSIVE_REPEAT) and value[1] > _MANY:
            yield _sample(value[2])


def _beginnings(tree: Any) -> Iterator[str]:
    """What a pattern takes before each of its elements, for the outermost ones."""
    elements = list(tree)
    for place in range(1, len(elements) + 1):
        yield _sample(elements[:place])
