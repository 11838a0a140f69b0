"""Stored timestamps, well-formed and malformed."""

from __future__ import annotations

import random

import pytest

from letrics.engines.common.timestamps import ABSENT, read_times
from letrics.normalize.time import format_time

FIRST, LAST = -62_135_596_800_000, 253_402_300_799_999
GOOD = "2026-01-31T09:30:00.000Z"
MALFORMED = [
    "", "x" * 24, GOOD[:-1], GOOD + "0", "2026-13-01T00:00:00.000Z", "2026-00-01T00:00:00.000Z",
    "2026-02-29T00:00:00.000Z", "2026-04-31T00:00:00.000Z", "2026-01-00T00:00:00.000Z", "2026-01-31T24:00:00.000Z",
    "2026-01-31T09:60:00.000Z", "2026-01-31T09:30:60.000Z", "0000-01-31T09:30:00.000Z", "2026-01-31 09:30:00.000Z",
    "2026-01-31T09:30:00.000+", "2026-01-31T09:30:00.00éZ", "2026-01-31T09:30:00.0\ud800Z", "2026-1-31T09:30:00.0000Z",
]  # fmt: skip


def test_read_times_valid_texts_returns_milliseconds(seed: int) -> None:
    draw = random.Random(seed)
    moments = [FIRST, LAST, 0, -1, 951_782_400_000, *(draw.randint(FIRST, LAST) for _ in range(5000))]
    assert read_times([format_time(moment) for moment in moments]).tolist() == moments
    assert read_times([]).tolist() == []


@pytest.mark.parametrize("count", [1, 500, 501, 5000])
def test_read_times_one_malformed_text_only_it_is_absent(count: int) -> None:
    for text in MALFORMED:
        times = read_times([*[GOOD] * count, text, *[GOOD] * count])
        assert times[count] == ABSENT, text
        assert set(times[:count].tolist()) == set(times[count + 1 :].tolist()) == {1_769_851_800_000}


def test_read_times_wrong_lengths_that_add_up_are_absent() -> None:
    assert read_times([GOOD[:-1], GOOD + "0", GOOD]).tolist() == [ABSENT, ABSENT, 1_769_851_800_000]
