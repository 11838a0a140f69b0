"""The phrases: each finds its bad samples and leaves its fine ones alone; findings have the line and the suggestion."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.style.phrases import Phrase, check_phrases, find_phrases, load_phrases

PHRASES = load_phrases()


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.bad[0])
def test_phrase_samples_bad_found_and_fine_left_alone(phrase: Phrase) -> None:
    assert phrase.write
    assert [sample for sample in phrase.bad if not phrase.pattern.search(sample)] == []
    assert [sample for sample in phrase.fine if phrase.pattern.search(sample)] == []


def test_find_phrases_across_lines_reports_first_line() -> None:
    assert list(find_phrases("One\nholds so\nmany bytes.", PHRASES)) == [
        (1, "so many", "the number or the name of the setting")
    ]


def test_check_phrases_prints_file_line_and_suggestion(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Title\n\nIt is cached.\n\nWhoever asks is answered.\n")
    assert sorted(map(str, check_phrases(tmp_path))) == [
        'README.md:5: "Whoever": write the actor: the caller, the user, another process, no one',
        'README.md:5: "answered": write response, returns',
    ]


def test_check_phrases_without_violation_is_empty(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Title\n\nRequests return matches; run `mend --twin`.\n")
    assert list(check_phrases(tmp_path)) == []
