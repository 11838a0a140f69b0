"""Runs the numbered cases of a kind of input, each within a limit of processor time.

FUZZ in the environment is the number of cases of each kind, and `--seed` repeats a run. A failure names its kind and
its number: FUZZ_NUMBER runs that one alone.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from random import Random
from typing import Final, TypeVar

from tests.hostile import TooSlow, bounded

FUZZ: Final = int(os.environ.get("FUZZ", "0"))
"""The number of cases of each kind; 0 for the few of continuous integration."""
NUMBER: Final = os.environ.get("FUZZ_NUMBER")
"""The number of the only case to run, if it is set."""
SECONDS: Final = 1.0
"""Processor time that a case may take."""

Case = TypeVar("Case")


def run_cases(
    kind: str, seed: int, few: int, make: Callable[[Random], Case], check: Callable[[Case], float | None]
) -> None:
    """Make and check the cases of a kind: `few` of them, or FUZZ.

    `check` raises an exception for a case that is handled badly, and may return further processor seconds that a case
    may take, for a file of many rows. Prints the slowest case.
    """
    count = FUZZ or few
    slowest, at = 0.0, -1
    for number in [int(NUMBER)] if NUMBER else range(count):
        case = make(Random(f"{seed} {kind} {number}"))
        started = time.process_time()
        more: float | None = None
        try:
            with bounded(30 * SECONDS):  # also in the middle of a match of a regular expression
                more = check(case)
            taken = time.process_time() - started - (more or 0.0)
            assert taken < SECONDS, f"took {taken:.2f} s of processor time"
        except (Exception, TooSlow) as error:
            error.add_note(f"{kind} {number} of seed {seed}: {case!r:.3000}")
            raise
        if taken > slowest:
            slowest, at = taken, number
    sys.stdout.write(f"\n{kind}: {count:,} cases of seed {seed}, the slowest {slowest * 1000:,.0f} ms (number {at})\n")
