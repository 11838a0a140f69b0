"""Which constants need a sentence, and what counts as one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from scripts.style.constants import check_constants, check_module, check_numbers, field_sentences, needs_sentence


def _problems(source: str) -> list[str]:
    return [finding.problem for finding in check_module("src/letrics/a.py", source)]


NEEDING = """
3 | -1.5 | 64 << 20 | 3 * DAY_MS | DAY_MS | np.uint64(21) | len(NAMES) | ord(".") | (1, 2) | {"a": 1}
| re.compile("a+") | struct.Struct("<II")
"""


@pytest.mark.parametrize("value", [value.strip() for value in NEEDING.split("|")])
def test_needs_sentence_number_or_pattern_is_true(value: str) -> None:
    assert needs_sentence(ast.parse(value, mode="eval").body)


@pytest.mark.parametrize("value", ["True", "'text'", "('a', 'b')", "TypeVar('T')", "getLogger()", "int | str", "Final"])
def test_needs_sentence_value_that_explains_itself_is_false(value: str) -> None:
    assert not needs_sentence(ast.parse(value, mode="eval").body)


@pytest.mark.parametrize(
    "source",
    [
        'MAX: Final = 3\n"""Most retries."""\n',
        "# Most retries.\nMAX = 3\n",
        'MAX = (\n    3\n)\n"""`n` retries\nat most."""\n',
        "max_retries = 3\n",
        "def f():\n    MAX = 3\n",
        "class A:\n    MAX = 3\n",
        "MAX: int\n",
        '__all__ = ["MAX"]\n',
    ],
)
def test_check_module_sentence_or_no_constant_passes(source: str) -> None:
    assert _problems(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "MAX = 3\n",
        "MAX = 3  # Most retries.\n",
        'MAX = 3\n\n"""Most retries."""\n',
        "# Most retries.\n\nMAX = 3\n",
        "MAX = 3\n'''Both are limits.'''.strip()\n",
    ],
)
def test_check_module_no_adjacent_sentence_is_missing(source: str) -> None:
    assert _problems(source) == ["the constant MAX has no sentence"]


def test_check_module_sentence_over_two_constants_fails_both() -> None:
    source = 'A = 3\n"""Of more than this,"""\nB = 4\n"""or of fewer than this."""\n'
    assert _problems(source) == [
        "the constant A has a fragment, not a sentence",
        "the constant B has a fragment, not a sentence",
    ]


def test_check_module_shared_sentence_fails_for_the_first() -> None:
    assert _problems('A = 3\nB = 4\n"""Both are limits."""\n') == ["the constant A has no sentence"]


def test_check_constants_reads_modules_of_the_program_only(tmp_path: Path) -> None:
    for name in ("src/letrics/a.py", "tests/a.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("\nMAX = 3\n")
    (found,) = map(str, check_constants(tmp_path))
    assert found.startswith("src/letrics/a.py:2: the constant MAX has no sentence: write ")


def test_check_numbers_number_that_is_not_allowed_is_found() -> None:
    source = 'A = 1\nB = "text"\nC: Final = (2, 3)\nD = struct.Struct("<I")\n'
    found = [str(finding) for finding in check_numbers("src/letrics/a.py", source, {"A"}, "move it")]
    assert found == ["src/letrics/a.py:3: the constant C is a number: move it"]


def test_field_sentences_class_gives_the_string_of_each_field() -> None:
    source = 'class A:\n    """A class."""\n    x: int = 1\n    """The x."""\n    y: int\n\n    def f(self): ...\n'
    assert field_sentences(source, "A") == {"x": "The x.", "y": None}
