"""Subjects are checked from the commit that added the check on; without that history the check is skipped."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scripts.style.commits import MAX_SUBJECT, check_commits

FIRST = "check.py"


def _git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Dev", "-c", "user.email=dev@letrics.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def _commit(root: Path, subject: str) -> None:
    _git(root, "commit", "--allow-empty", "-q", "-m", subject)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with an old long subject, then the commit that adds the check."""
    root = tmp_path / "repository"
    root.mkdir()
    _git(root, "init", "-q", "-b", "main")
    _commit(root, "Before the check " + "x" * 100 + ".")
    (root / FIRST).write_text("")
    _git(root, "add", FIRST)
    _commit(root, "Add the check")
    return root


def test_check_commits_long_subject_or_full_stop_is_found(repository: Path) -> None:
    _commit(repository, "x" * MAX_SUBJECT)
    _commit(repository, "x" * (MAX_SUBJECT + 1))
    _commit(repository, "Add a filter.")
    dot, long = check_commits(repository, FIRST)
    assert dot.problem == "the subject ends with a full stop"
    assert long.problem == f"the subject has {MAX_SUBJECT + 1} characters"
    assert str(long).startswith("commit ")


def test_check_commits_before_the_check_are_not_judged(repository: Path) -> None:
    assert list(check_commits(repository, FIRST)) == []


def test_check_commits_check_not_committed_is_skipped(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(check_commits(repository, "other.py")) == []
    assert capsys.readouterr().err == "commits: skipped, because other.py is not committed\n"


def test_check_commits_shallow_clone_is_skipped(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _git(tmp_path, "clone", "-q", "--depth", "1", repository.as_uri(), "shallow")
    assert list(check_commits(tmp_path / "shallow", FIRST)) == []
    assert "the clone is shallow" in capsys.readouterr().err


def test_check_commits_without_history_is_skipped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(check_commits(tmp_path / "missing", FIRST)) == []
    assert "there is no git history" in capsys.readouterr().err
