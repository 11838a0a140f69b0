"""Progress on standard error: lines in a file, a bar on a terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from letrics.cli.progress import SECONDS, Meter


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


def test_show_prints_a_line_every_few_seconds(out: io.StringIO, clock: Clock) -> None:
    with Meter(Console(file=out), clock=clock) as meter:
        meter.show("import", 1, 10)
        clock.now += SECONDS
        meter.show("import", 2, 10, "2 rows")
        meter.show("import", 3, 10, "3 rows")
        clock.now += SECONDS
        meter.show("[import]", None, None, "4 rows")
        clock.now += SECONDS
        meter.show("import", 5, None)
    assert out.getvalue() == "import: 20 % 2 rows\n[import]: 4 rows\nimport\n"


def test_show_silent_prints_nothing(out: io.StringIO, clock: Clock) -> None:
    with Meter(Console(file=out), silent=True, clock=clock) as meter:
        clock.now += SECONDS
        meter.show("import", 1, 10)
        meter.of_load("the saved index is damaged", 0, 0)
    assert out.getvalue() == ""


def test_of_load_prints_notices_at_once_and_counts_later(out: io.StringIO, clock: Clock) -> None:
    with Meter(Console(file=out), clock=clock) as meter:
        meter.of_load("the saved index is damaged", 0, 0)
        meter.of_load("loading", 500, 2000)
        clock.now += SECONDS
        meter.of_load("loading", 1000, 2000)
    assert out.getvalue() == "the saved index is damaged\nloading: 50 % 1,000 of 2,000\n"


def test_of_copy_names_the_table(out: io.StringIO, clock: Clock) -> None:
    with Meter(Console(file=out), clock=clock) as meter:
        for done, total in ((0, 0), (5, 1000)):
            clock.now += SECONDS
            meter.of_copy("merged_key", done, total)
    assert out.getvalue() == "table merged_key\ntable merged_key: 0 % 5 of 1,000 rows\n"


def test_of_copy_counts_a_file_in_megabytes(out: io.StringIO, clock: Clock) -> None:
    with Meter(Console(file=out), clock=clock) as meter:
        clock.now += SECONDS
        meter.of_copy("letrics.db", 1_048_576, 22_446_080)
    assert out.getvalue() == "reading letrics.db: 4 % 1.0 of 22.4 MB\n"


def test_show_on_a_terminal_is_a_bar_that_disappears(out: io.StringIO) -> None:
    console = Console(file=out, force_terminal=True, width=100)
    with Meter(console) as meter:
        meter.show("import", 5, 10, "[5] rows")
    text = out.getvalue()
    assert "import" in text and "50%" in text and "[5] rows" in text
    assert text.endswith("\x1b[2K")
