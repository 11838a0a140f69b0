"""The position of the log as a document."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from letrics.engines.opensearch.cluster_client import Client, ClusterError
from letrics.engines.opensearch.following.builds import Builds
from letrics.engines.opensearch.following.position_document import (
    CONFLICT,
    is_rebuild_requested,
    read_position,
    request_rebuild,
    write_position,
)
from letrics.engines.opensearch.names import IndexNames
from letrics.store.base import Position

_AT = Position("log", 7, "batch")


def test_position_is_written_and_never_goes_back(client: Client, names: IndexNames) -> None:
    alias = Builds(client, names).create().alias("dictionary")
    assert read_position(client, alias) is None
    write_position(client, alias, _AT, suspended=True)
    found = read_position(client, alias)
    assert found is not None and found.position == _AT and found.suspended
    assert abs(found.written_ms - time.time() * 1000) < 60_000
    write_position(client, alias, _AT)
    with pytest.raises(ClusterError) as raised:
        write_position(client, alias, replace(_AT, seq=6))
    assert raised.value.status == CONFLICT
    found = read_position(client, alias)
    assert found is not None and found.position == _AT and not found.suspended


def test_position_without_index_is_none_and_not_written(client: Client, names: IndexNames) -> None:
    alias = names.alias("dictionary")
    assert read_position(client, alias) is None
    with pytest.raises(ClusterError, match="index_not_found_exception"):
        write_position(client, alias, _AT)
    assert client.request_blocking("GET", f"/{alias}", missing=True) is None


def test_rebuild_of_no_index_is_not_requested(client: Client, names: IndexNames) -> None:
    alias = names.alias("dictionary")
    request_rebuild(client, alias)
    assert not is_rebuild_requested(client, alias)
    assert client.request_blocking("GET", f"/{alias}", missing=True) is None
