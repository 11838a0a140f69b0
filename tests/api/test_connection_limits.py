"""Limits of connections, from the limit of open files."""

from __future__ import annotations

import resource
from collections.abc import Iterator

import pytest

from letrics.api.connection_limits import (
    MAX_DEFAULT_CONNECTIONS,
    RESERVED_DESCRIPTORS,
    ConnectionLimits,
    available_connections,
    default_max_connections,
)


@pytest.fixture
def open_files() -> Iterator[int]:
    """The limit of open files, lowered to 512 and restored afterwards."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    yield 512
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_available_connections_leave_reserved_files(open_files: int) -> None:
    assert available_connections() == open_files - RESERVED_DESCRIPTORS
    assert default_max_connections() == ConnectionLimits().max_connections == available_connections()


def test_available_connections_are_at_least_16() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (RESERVED_DESCRIPTORS + 3, hard))
    try:
        assert available_connections() == 16
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_default_max_connections_have_an_upper_bound() -> None:
    assert default_max_connections() == min(MAX_DEFAULT_CONNECTIONS, available_connections())
