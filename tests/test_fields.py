"""The fingerprint of an index changes with the rules by which its values are made."""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
from pathlib import Path

from letrics.fields import FACTS, RULES_VERSION, fingerprint

SOURCE = Path(__file__).parents[1] / "src" / "letrics"
RULES = [
    SOURCE / "fields.py",
    SOURCE / "records.py",
    *sorted((SOURCE / "normalize").rglob("*.py")),
    SOURCE / "engines" / "bitmap" / "columns" / "timestamps.py",
    SOURCE / "engines" / "bitmap" / "text" / "tokenizer.py",
]
"""The code between a stored document and the keys of an index."""

KNOWN = (2, "3f2bf79cf899607b")
"""A version of the rules and the digest of their code."""


def code_of(source: str) -> str:
    """Source code without comments, docstrings and white space, which mean nothing to an index."""
    lines = source.splitlines(keepends=True)
    spans = [
        (token.start, token.end)
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    ]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            last = node.end_lineno or node.lineno
            spans.append(((node.lineno, node.col_offset), (last, len(lines[last - 1].rstrip("\n")))))
    for (first, start), (last, stop) in sorted(spans, reverse=True):
        lines[first - 1] = lines[first - 1][:start] + lines[last - 1][stop:]
        lines[first:last] = []
    return "".join("".join(lines).split())


def test_code_of_a_module_ignores_prose() -> None:
    plain = 'A = 1\n\n\ndef f(x: str) -> str:\n    return f"{x}#"\n'
    prose = '"""Doc."""\nA = 1  # why\n"""Sentence\nover lines."""\n\n\n' + plain[7:].replace(
        "    ", '    """Do."""\n    '
    )
    assert code_of(prose) == code_of(plain)
    assert code_of(plain.replace("#", "!")) != code_of(plain)


def test_rules_version_changes_with_the_code() -> None:
    digest = hashlib.blake2b(digest_size=8)
    for path in RULES:
        digest.update(code_of(path.read_text("utf-8")).encode())
    assert (RULES_VERSION, digest.hexdigest()) == KNOWN, (
        "code that makes index keys has changed. If a stored value can now give another key, raise RULES_VERSION in "
        "fields.py, so that saved indexes are rebuilt; then record the new pair as KNOWN."
    )


def test_fingerprint_depends_on_facts_and_rules() -> None:
    assert fingerprint(FACTS[:-1]) != fingerprint()
    assert fingerprint(rules=RULES_VERSION + 1) != fingerprint()
