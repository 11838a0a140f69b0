"""The accuracy of the rules for job titles, on titles labelled by hand."""

from __future__ import annotations

import pytest

from benchmarks.titles import accuracy, judge, report
from letrics.normalize.titles.department import meanings
from letrics.normalize.titles.seniority import SENIORITIES


def test_labels_are_seniorities_and_departments() -> None:
    judged = judge()
    assert {one.expected[0] for one in judged} <= {"", *SENIORITIES}
    assert {one.expected[1] for one in judged} <= {"", *meanings()}
    assert len({one.title.lower() for one in judged}) == len(judged) >= 500


@pytest.mark.parametrize(("half", "seniority", "department"), [("A", 0.99, 0.95), ("B", 0.98, 0.84)])
def test_accuracy_of_a_half_is_at_least(half: str, seniority: float, department: float) -> None:
    reached = accuracy([one for one in judge() if one.half == half])
    assert reached[0] >= seniority and reached[1] >= department


def test_report_has_a_line_for_each_half_and_source() -> None:
    lines = list(report(judge()))
    assert lines[0].split() == ["half", "source", "titles", "seniority", "department"]
    assert sum(" all " in line for line in lines) == 2
