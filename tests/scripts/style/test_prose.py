"""What counts as prose in each kind of file, and on which line it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.style.prose import RELEASED_MIGRATIONS, read_prose

ROOT = Path(__file__).parents[3]
WORD = "twin"

PYTHON = '''\
"""Module twin."""
# A comment,
# twin.
x = 1  # twin here
NAME = "twin"
TEXT = "a longer twin " "of two parts"
FORMAT = f"about {twin} and the twin"
PARTS = (
    "first part and "
    "then twin"
)
SQL = "SELECT twin FROM a"
def f() -> None:
    """Text.

    `twin` and "twin" and twin.
    """
'''

HTML = """\
<p title="a twin">{# twin #}{{ twin }}
<code>twin</code> {% if twin == "a twin" %}
<b>twin</b></p>
<script>twin</script>
"""

JAVASCRIPT = """\
// first
// twin
const twin = "twin", a = 'a twin', b = `no ${twin} but
a twin`;
/* twin */
"""

MARKDOWN = """\
# A twin

    twin in code

```
twin
```

- twin, `twin`, "twin", [text](twin.md)
"""


def _lines(tmp_path: Path, name: str, source: str) -> list[int]:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    found = []
    for part in read_prose(name, tmp_path):
        found += [
            part.line + number for number, line in enumerate(part.text.split("\n")) for _ in range(line.count(WORD))
        ]
    return sorted(found)


@pytest.mark.parametrize(
    ("name", "source", "lines"),
    [
        ("src/letrics/a.py", PYTHON, [1, 3, 4, 6, 7, 10, 16]),
        ("tests/a.py", PYTHON, [1, 3, 4, 16]),
        ("a.html", HTML, [1, 1, 2, 3]),
        ("a.js", JAVASCRIPT, [2, 3, 4, 5]),
        ("README.md", MARKDOWN, [1, 9]),
        ("a.css", "a { b: twin } /* twin\n twin */", [1, 2]),
        ("a.sql", "-- twin\nSELECT twin;", [1]),
        ("Makefile", "a: ## twin\n\ttwin # twin\n", [1, 2]),
        ("static/vendor/a.js", JAVASCRIPT, []),
        ("benchmarks/results/RESULTS.md", MARKDOWN, []),
        ("a.csv", "a twin", []),
    ],
)
def test_read_prose_finds_lines_of_prose_only(tmp_path: Path, name: str, source: str, lines: list[int]) -> None:
    assert _lines(tmp_path, name, source) == lines


@pytest.mark.parametrize("path", RELEASED_MIGRATIONS)
def test_read_prose_of_a_released_migration_is_empty(path: str) -> None:
    assert (ROOT / path).read_text("utf-8").count("--") > 0
    assert read_prose(path, ROOT) == []


def test_read_prose_of_a_new_migration_has_its_comments(tmp_path: Path) -> None:
    path = "src/letrics/store/sqlite/migrations/9999_new.sql"
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(f"-- A {WORD}.\nCREATE TABLE a (x);\n")
    (part,) = read_prose(path, tmp_path)
    assert WORD in part.text
