"""What failures of requests to a cluster mean, with a suggested fix: its settings, its state, or the way to it."""

from __future__ import annotations

import os
import re
from typing import Final

import aiohttp

_FIXES: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (
        re.compile(r"maxClauseCount|too_many_(nested_)?clauses"),
        "its limit for large filters is too low: set indices.query.bool.max_clause_count to 8192",
    ),
    (
        re.compile(r"too_many_buckets_exception"),
        "its limit for facets is too low: set search.max_buckets to 65535, or remove the setting",
    ),
    (
        re.compile(r"flood-stage"),
        "the disk of a node is nearly full, so it accepts no changes until there is space: free some, or add a node",
    ),
    (
        re.compile(r"cluster_block_exception|index_create_block_exception"),
        "an administrator has blocked changes of its indexes: remove the block",
    ),
    (
        re.compile(r"maximum .{0,40}shards open"),
        "it has as many shards as it may have: delete indexes, or raise cluster.max_shards_per_node",
    ),
    (re.compile(r"index_closed_exception"), "an index is closed: open it, or delete it, and it is loaded again"),
    (
        re.compile(r"invalid_alias_name_exception"),
        "another program has an index of that name: choose another prefix in the setting `engine`",
    ),
    (
        re.compile(r"no_shard_available_action_exception|unavailable_shards_exception"),
        "no node that runs has an index, or a part of it: check that all nodes run and have free space on their disks",
    ),
)
"""Patterns in the type and reason of errors, and what they mean."""


def explain_error(error: str) -> str | None:
    """What an error of a cluster says about its settings or state, with a fix. `error` has its types and reasons.

    None if it indicates a bug of this program.
    """
    return next((words for pattern, words in _FIXES if pattern.search(error)), None)


def explain_failure(error: Exception) -> str:
    """Why a node did not reply to a request, with a fix."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "its host name is unknown: check the setting `engine`"
        case aiohttp.ClientConnectorCertificateError():
            return f"{error.certificate_error}: check its certificate, and ?ca= in the setting `engine`"
        case aiohttp.ClientConnectorSSLError():
            return f"{error.os_error.strerror or error.os_error}: use opensearch+http if it has no TLS"
        case TimeoutError():
            return "it did not reply in time: check that it runs and is not overloaded"
        case aiohttp.ServerDisconnectedError() | ConnectionResetError():
            return "it closed the connection: check that it runs, and use opensearch+https if it has TLS"
        case aiohttp.ClientConnectorError() if error.os_error.errno:
            reason = os.strerror(error.os_error.errno)
        case _:
            reason = str(error) or type(error).__name__
    return f"{reason}: check that it runs, and its address in the setting `engine`"
