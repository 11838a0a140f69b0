"""Check that each module constant whose value does not explain itself has its own sentence.

A constant is an assignment to one UPPER_CASE name at the top level of a module of src/letrics. It needs a sentence if
its value is, or is made of, one of these:

- a number: a literal, arithmetic, another constant's alias, a call of a numpy scalar type, `len` or `ord`;
- a collection that holds such numbers;
- a regular expression or a struct format.

Strings, tables of objects, type aliases, type variables, loggers and `__all__` explain themselves by name and value.

The sentence is a string directly below the constant, or a comment of whole lines directly above it. It begins with a
capital letter, a digit or code in backticks, and ends with a full stop: a fragment that runs on below the next constant
is none.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from scripts.style.findings import Finding, project_files

SOURCE = "src/letrics/"

_CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*")
_SENTENCE = re.compile(r"[A-Z0-9`].*\.", re.DOTALL)
_NUMERIC_CALL = re.compile(r"(?:np|numpy)\.(?:u?int|float)\d*|len|ord|int|float|pow|round|min|max")
_FORMAT_CALL = re.compile(r"re\.compile|struct\.Struct|Struct")

_MISSING = "has no sentence"
_FRAGMENT = "has a fragment, not a sentence"
_SUGGESTION = "write a string below it or a comment above it, from a capital letter to a full stop, with the unit"


def check_constants(root: Path) -> Iterator[Finding]:
    """Findings for all modules of src/letrics. Raises SyntaxError for a module that is not valid Python."""
    for path in project_files(root):
        if path.startswith(SOURCE) and path.endswith(".py"):
            yield from check_module(path, (root / path).read_text("utf-8"))


def check_module(path: str, source: str) -> Iterator[Finding]:
    """Findings for one module."""
    body = ast.parse(source, path).body
    lines = source.splitlines()
    for position, statement in enumerate(body):
        found = _constant(statement)
        if found is None or not needs_sentence(found[1]):
            continue
        texts = [text for text in (_string_below(body, position), _comment_above(lines, statement.lineno)) if text]
        if not any(map(is_sentence, texts)):
            problem = f"the constant {found[0]} {_FRAGMENT if texts else _MISSING}"
            yield Finding("constants", path, statement.lineno, problem, _SUGGESTION)


def check_numbers(path: str, source: str, allowed: Collection[str], suggestion: str) -> Iterator[Finding]:
    """Findings for the constants of one module that are or hold numbers and whose names are not in `allowed`."""
    for statement in ast.parse(source, path).body:
        found = _constant(statement)
        if found is not None and holds_number(found[1]) and found[0] not in allowed:
            yield Finding("numbers", path, statement.lineno, f"the constant {found[0]} is a number", suggestion)


def field_sentences(source: str, class_name: str) -> dict[str, str | None]:
    """Each annotated field of a class, with the string directly below it if there is one."""
    body = next(
        node.body for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == class_name
    )
    return {
        statement.target.id: _string_below(body, position)
        for position, statement in enumerate(body)
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    }


def is_sentence(text: str) -> bool:
    """Whether the text begins like a sentence and ends with a full stop."""
    return _SENTENCE.fullmatch(text) is not None


def _constant(statement: ast.stmt) -> tuple[str, ast.expr] | None:
    """The name and value of a constant, or None if the statement assigns none."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value = statement.targets[0], statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target, value = statement.target, statement.value
    else:
        return None
    return (target.id, value) if isinstance(target, ast.Name) and _CONSTANT.fullmatch(target.id) else None


def needs_sentence(value: ast.expr) -> bool:
    """Whether a constant of this value needs a sentence."""
    return holds_number(value) or _called(value, _FORMAT_CALL)


def holds_number(value: ast.expr) -> bool:
    """Whether a value is a number or a collection that holds numbers."""
    return _is_number(value) or _holds_numbers(value)


def _is_number(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=bool()):
            return False
        case ast.Constant(value=int() | float()):
            return True
        case ast.UnaryOp(operand=operand):
            return _is_number(operand)
        case ast.BinOp(left=left, right=right):
            return _is_number(left) or _is_number(right)
        case ast.Name(id=name):
            return _CONSTANT.fullmatch(name) is not None
    return _called(value, _NUMERIC_CALL)


def _holds_numbers(value: ast.expr) -> bool:
    match value:
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            return any(_is_number(item) and not isinstance(item, ast.Name) for item in items)
        case ast.Dict(values=items):
            return any(_is_number(item) and not isinstance(item, ast.Name) for item in items)
    return False


def _called(value: ast.expr, functions: re.Pattern[str]) -> bool:
    return isinstance(value, ast.Call) and functions.fullmatch(ast.unparse(value.func)) is not None


def _string_below(body: Sequence[ast.stmt], position: int) -> str | None:
    """The string statement on the line after the constant, if there is one."""
    following = body[position + 1] if position + 1 < len(body) else None
    if not isinstance(following, ast.Expr) or following.lineno != (body[position].end_lineno or 0) + 1:
        return None
    value = following.value
    return value.value.strip() if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _comment_above(lines: Sequence[str], line: int) -> str | None:
    """The comment lines that end right above `line` (counted from 1), joined."""
    comment: list[str] = []
    while line >= 2 and lines[line - 2].startswith("#"):
        line -= 1
        comment.insert(0, lines[line - 1].lstrip("# ").rstrip())
    return " ".join(comment) or None
