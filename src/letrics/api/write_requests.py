"""What the endpoints that require the scope write have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from letrics.api.call import Call
from letrics.api.querystring import Problems, read_integer
from letrics.errors import FORBIDDEN, NOT_FOUND, problem
from letrics.query.request_values import shown
from letrics.store.base import Store

MAX_ID: Final = (1 << 53) - 1
"""The maximum of ids that are numbers: the integers that JSON clients can represent."""
_MAX_DIGITS: Final = 16
"""The number of digits of the maximum."""
_Result = TypeVar("_Result")
_change_threads: Final = ThreadPoolExecutor(64, "changes")
"""The threads in which changes wait for batches of imports. Their number is that of changes in progress, which the
setting `concurrent_changes` limits to at most 64."""
_read_threads: Final = ThreadPoolExecutor(4, "reads")
"""The threads that read imports and duplicates, and never wait for a change."""


def require_write(call: Call, what: str) -> None:
    """Raise LetricsError (forbidden) unless the caller may write. `what` is what requires it, in the plural."""
    if call.principal is None or not call.principal.may("write"):
        details = f"{what} require a token with the scope write, of a user with the role editor or admin"
        raise problem(FORBIDDEN, details)


def read_id(call: Call, what: str) -> int:
    """The number in the path. Raises LetricsError (not_found)."""
    text = call.variable
    if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS and int(text) <= MAX_ID:
        return int(text)
    raise problem(NOT_FOUND, f"There is no {what} {shown(text)}: ids are numbers")


def read_number(given: dict[str, str], name: str, problems: Problems, most: int = MAX_ID) -> int | None:
    """The parameter `name`, from 1 to `most`; None if it is absent or wrong, which is added to the problems."""
    text = given.get(name)
    if text is None:
        return None
    number = read_integer(text)
    if number is not None and 1 <= number <= most:
        return number
    problems.setdefault(name, f"{name} {shown(text)} must be a number from 1 to {most:,}")
    return None


async def read_store(open_store: Callable[[], Store], work: Callable[[Store], _Result]) -> _Result:
    """Read with a connection in another thread."""
    return await asyncio.get_running_loop().run_in_executor(_read_threads, _with_connection, open_store, work)


async def with_store(open_store: Callable[[], Store], work: Callable[[Store], _Result]) -> _Result:
    """Do this with a connection in another thread, since it may have to wait for a batch of a running import."""
    return await in_store_thread(_with_connection, open_store, work)


def _with_connection(open_store: Callable[[], Store], work: Callable[[Store], _Result]) -> _Result:
    with open_store() as store:
        return work(store)


async def in_store_thread(work: Callable[..., _Result], *values: Any) -> _Result:
    """Do work that may have to wait for a batch of a running import."""
    return await asyncio.get_running_loop().run_in_executor(_change_threads, work, *values)
