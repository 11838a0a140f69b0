"""Check the subjects of commits: at most 72 characters, no full stop at the end.

Only commits after the one that added this check are judged, without merges: earlier ones cannot be changed. The check
is skipped, with a line on standard error, where that history is missing: without git, in a shallow clone, or
while the check itself is not committed.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.style.findings import Finding

FIRST_FILE = "scripts/check_style.py"
"""Commits after the one that added this file are checked."""

MAX_SUBJECT = 72
"""The most characters of a subject that common tools show on one line."""


def check_commits(root: Path, first_file: str = FIRST_FILE) -> Iterator[Finding]:
    """Findings for the commits between the one that added `first_file` and HEAD."""
    try:
        if _git(root, "rev-parse", "--is-shallow-repository").strip() == "true":
            return _skip("the clone is shallow")
        added = _git(root, "log", "--diff-filter=A", "--format=%H", "--", first_file).split()
        if not added:
            return _skip(f"{first_file} is not committed")
        log = _git(root, "log", "--no-merges", "--ancestry-path", "--format=%h%x09%s", f"{added[-1]}..HEAD")
    except (OSError, subprocess.CalledProcessError):
        return _skip("there is no git history")
    return _judge(log)


def _judge(log: str) -> Iterator[Finding]:
    for entry in log.splitlines():
        commit, _, subject = entry.partition("\t")
        if len(subject) > MAX_SUBJECT:
            problem = f"the subject has {len(subject)} characters"
            yield Finding("commits", f"commit {commit}", 0, problem, f"shorten it to {MAX_SUBJECT}: {subject}")
        if subject.endswith("."):
            yield Finding("commits", f"commit {commit}", 0, "the subject ends with a full stop", f"drop it: {subject}")


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=True, text=True, encoding="utf-8")
    return done.stdout


def _skip(reason: str) -> Iterator[Finding]:
    print(f"commits: skipped, because {reason}", file=sys.stderr)
    return iter(())
