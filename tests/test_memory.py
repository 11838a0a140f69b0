"""Memory reserved for searches."""

import ctypes
import subprocess
import sys

import pytest

from letrics.memory import HELD, at_hand, hold_in_steps, hold_memory, trim_memory

_ASKED = """
import resource, sys
import numpy as np
from letrics.memory import hold_memory

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

np.ones(10)
held = hold_memory(int(sys.argv[1]))
before = faults()
for size in (100_000, 200_000, 300_000, 400_000, 500_000):
    np.ones(size)
print(held, faults() - before)
"""


def _asked(size: int) -> tuple[int, int]:
    command = [sys.executable, "-c", _ASKED, str(size)]
    held, faults = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return int(held), int(faults)


@pytest.mark.skipif(sys.platform != "linux", reason="only with glibc")
def test_arrays_of_a_search_come_from_memory_that_is_at_hand() -> None:
    held, faults = _asked(HELD)
    if not held:
        pytest.skip("not with this C library")
    without, more = _asked(0)
    assert (held, without) == (HELD, 0)
    assert faults < 200 < 1_000 < more  # 12 MB are 2,930 pages


@pytest.mark.skipif(sys.platform != "linux", reason="only with glibc")
def test_memory_is_taken_in_steps_and_can_be_left_in_the_middle() -> None:
    steps = hold_in_steps(20 << 20)
    next(steps)
    steps.close()
    assert hold_memory(1 << 20) in {0, 1 << 20}


def test_little_is_at_hand_for_a_small_index() -> None:
    assert hold_memory(0) == 0
    assert at_hand(0, 1 << 40) == 0
    assert at_hand(1 << 20) <= (1 << 20) // 64
    assert at_hand(1 << 20, 1 << 40) <= (1 << 20) // 10


def test_as_much_is_at_hand_as_is_kept_of_a_large_index() -> None:
    assert at_hand(100 << 30) == HELD
    assert at_hand(100 << 30, 5 << 20) == HELD + (5 << 20)


@pytest.mark.skipif(sys.platform != "linux", reason="only with glibc")
def test_memory_is_given_back_where_it_is_more_than_may_be_left() -> None:
    if not hasattr(ctypes.CDLL(None), "mallinfo2"):
        pytest.skip("this C library does not tell how much is left")
    assert hold_memory(20 << 20) == 20 << 20
    assert not trim_memory(1 << 40)
    assert trim_memory()
