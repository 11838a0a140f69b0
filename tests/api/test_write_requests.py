"""Numbers in paths and query strings of the endpoints that require the scope write."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from letrics.api.querystring import Problems, refuse
from letrics.api.write_requests import MAX_ID, read_id, read_number, require_write, with_store
from letrics.errors import LetricsError
from tests.api.calls import make_call
from tests.default_backends import open_store


@pytest.mark.parametrize("text", ["1", "0", "7", "0007", str(MAX_ID)])
def test_id_in_a_path_is_a_number(text: str) -> None:
    call = make_call()
    call.variable = text
    assert read_id(call, "pair") == int(text)


@pytest.mark.parametrize(
    "text", ["", "x", "-1", "+1", "1e3", "٣", "00000000000000001999", "0" * 16 + "1", str(MAX_ID + 1), "9" * 5_000]
)
def test_other_id_in_a_path_is_not_found(text: str) -> None:
    call = make_call()
    call.variable = text
    with pytest.raises(LetricsError, match="There is no pair") as raised:
        read_id(call, "pair")
    assert raised.value.kind.code == 404


@pytest.mark.parametrize(
    ("text", "number"),
    [(None, None), ("1", 1), ("100", 100), ("007", 7), ("0", None), ("101", None), ("x", None), ("-1", None),
     ("1.5", None), ("٣", None), ("0" * 16 + "1" + "0" * 10, None), ("9" * 5_000, None)],
)  # fmt: skip
def test_number_is_compared_as_a_whole(text: str | None, number: int | None) -> None:
    problems: Problems = {}
    assert read_number({} if text is None else {"limit": text}, "limit", problems, 100) == number
    assert (list(problems) == ["limit"]) == (number is None and text is not None)
    assert all("must be a number from 1 to 100" in details for details in problems.values())


def test_number_has_a_maximum_by_default() -> None:
    problems: Problems = {}
    assert read_number({"before": str(MAX_ID)}, "before", problems) == MAX_ID
    refuse(problems)
    assert read_number({"before": str(MAX_ID + 1)}, "before", problems) is None
    with pytest.raises(LetricsError, match=r"from 1 to 9,007,199,254,740,991"):
        refuse(problems)


def test_caller_without_a_token_may_not_write() -> None:
    with pytest.raises(LetricsError, match="Imports require a token with the scope write"):
        require_write(make_call(), "Imports")


def test_store_does_not_wait_for_busy_threads(tmp_path: Path) -> None:
    open_store(tmp_path / "letrics.db").close()

    async def count() -> int:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        released = threading.Event()
        busy = asyncio.create_task(asyncio.to_thread(released.wait))
        await asyncio.sleep(0)
        try:
            work = with_store(lambda: open_store(tmp_path / "letrics.db"), lambda store: store.counts().contacts)
            return await asyncio.wait_for(work, 5)
        finally:
            released.set()
            await busy

    assert asyncio.run(count()) == 0
