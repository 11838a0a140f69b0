"""Check prose for phrases that the project does not use. phrases.toml lists them, each with what to write instead.

Checked are Markdown, templates, comments everywhere, docstrings, and the texts that JavaScript and Python hold; the
texts in tests are data and are not. See scripts/style/prose.py for what counts as prose in a file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.style.findings import Finding, project_files
from scripts.style.prose import read_prose

DATA = Path(__file__).with_name("phrases.toml")
"""A table for each phrase: pattern, write, and the samples `bad` and `fine` that tests hold the pattern against."""


@dataclass(frozen=True)
class Phrase:
    """One phrase: where it is found and what to write instead."""

    pattern: re.Pattern[str]
    write: str
    bad: tuple[str, ...]
    fine: tuple[str, ...]


def load_phrases(data: Path = DATA) -> list[Phrase]:
    """The phrases of the data file. A space in a pattern stands for any white space; case is ignored."""
    return [
        Phrase(
            re.compile(entry["pattern"].replace(" ", r"\s+"), re.IGNORECASE),
            entry["write"],
            tuple(entry["bad"]),
            tuple(entry.get("fine", ())),
        )
        for entry in tomllib.loads(data.read_text("utf-8"))["phrase"]
    ]


def check_phrases(root: Path, data: Path = DATA) -> Iterator[Finding]:
    """Findings for all prose of the project, in order of file and line."""
    phrases = load_phrases(data)
    for path in project_files(root):
        found = [
            Finding("phrases", path, part.line + line, f'"{words}"', f"write {write}")
            for part in read_prose(path, root)
            for line, words, write in find_phrases(part.text, phrases)
        ]
        yield from sorted(found, key=lambda finding: finding.line)


def find_phrases(text: str, phrases: Sequence[Phrase]) -> Iterator[tuple[int, str, str]]:
    """For each phrase in the text: its line (from 0), its words, and what to write instead."""
    for phrase in phrases:
        for match in phrase.pattern.finditer(text):
            yield text.count("\n", 0, match.start()), " ".join(match[0].split()), phrase.write
