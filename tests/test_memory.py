"""Memory held at hand for searches."""

import subprocess
import sys

import pytest

from letrics.memory import HELD, hold_memory

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


def _asked(index_bytes: int) -> tuple[int, int]:
    command = [sys.executable, "-c", _ASKED, str(index_bytes)]
    held, faults = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return int(held), int(faults)


@pytest.mark.skipif(sys.platform != "linux", reason="only with glibc")
def test_arrays_of_a_search_come_from_memory_that_is_at_hand() -> None:
    held, faults = _asked(100 << 30)
    if not held:
        pytest.skip("not with this C library")
    without, more = _asked(0)
    assert (held, without) == (HELD, 0)
    assert faults < 200 < 1_000 < more  # 12 MB are 2,930 pages


def test_little_is_held_for_a_small_index() -> None:
    assert hold_memory(0) == 0
    assert hold_memory(1 << 20) <= (1 << 20) // 64
