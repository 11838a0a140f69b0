"""The limit on the memory of a call."""

from __future__ import annotations

import resource

import pytest

from letrics.ingest.memory_limit import bounded_memory

MIB = 1 << 20


def test_allocation_beyond_the_limit_raises_and_the_limit_ends() -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    with bounded_memory(256 * MIB):
        assert len(bytes(MIB)) == MIB
        with pytest.raises(MemoryError):
            bytes(1024 * MIB)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
