"""The page about security is true: its tests exist, and no requirement of the standards it names is left out."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from letrics.accounts.known_browsers import LIFE_MS as KNOWN_MS
from letrics.accounts.password_rules import CONTEXT_WORDS, MAX_LENGTH, MIN_LENGTH
from letrics.accounts.sessions import IDLE_MS, LIFE_MS
from letrics.accounts.throttle import FREE_BY_ACCOUNT, FREE_BY_ADDRESS, LONGEST_MS
from letrics.normalize.time import DAY_MS

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs/security.md").read_text("utf-8")
_TEST: Final = re.compile(r"`(test_\w+)`")


@cache
def existing_tests() -> set[str]:
    """The names of all test functions."""
    found = (path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return {name for text in found for name in re.findall(r"^ *(?:async )?def (test_\w+)\(", text, re.MULTILINE)}


def rows(heading: str) -> list[list[str]]:
    """The cells of the rows of all tables of a section."""
    section = PAGE.split(f"\n## {heading}", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_named_test_exists() -> None:
    named = set(_TEST.findall(PAGE))
    assert len(named) > 60
    assert named - existing_tests() == set()


def test_api_top_ten_has_every_risk_with_a_test() -> None:
    risks = [row for row in rows("OWASP API Security Top 10, 2023") if row[0].startswith("API")]
    assert [row[0].split()[0] for row in risks] == [f"API{number}" for number in range(1, 11)]
    assert all(_TEST.search(row[2]) for row in risks)


def test_asvs_has_every_requirement_once() -> None:
    numbers = re.findall(r"V[0-9]+\.[0-9]+\.[0-9]+", (ROOT / "tests/project/asvs_5_0_0.txt").read_text("utf-8"))
    listed = [name for row in rows("ASVS 5.0, levels 1 and 2") for name in re.findall(r"V[0-9.]+", row[0])]
    named = [number for name in listed for number in numbers if number == name or number.startswith(f"{name}.")]
    assert len(numbers) == 253
    assert sorted(named) == sorted(numbers)
    assert [name for name in listed if not any(f"{number}.".startswith(f"{name}.") for number in numbers)] == []


def test_requirement_that_is_met_has_a_test() -> None:
    met = PAGE.split("### Met", 1)[1].split("### ", 1)[0]
    without = [line for line in met.splitlines() if line.startswith("| V") and not _TEST.search(line)]
    assert without == []


def test_page_names_what_the_code_does() -> None:
    text = " ".join(PAGE.split())
    for words in (
        f"{MIN_LENGTH} to {MAX_LENGTH:,} characters", f"after {FREE_BY_ACCOUNT} failed attempts",
        f"after {FREE_BY_ADDRESS} of an address", f"to {LONGEST_MS // 60_000} minutes",
        f"after {IDLE_MS // DAY_MS} days without a request", f"after {LIFE_MS // DAY_MS} days",
        *(f"`{word}`" for word in CONTEXT_WORDS),
    ):  # fmt: skip
        assert words in text, words
    assert f"within {KNOWN_MS // DAY_MS} days" in (ROOT / "docs/users.md").read_text("utf-8")
