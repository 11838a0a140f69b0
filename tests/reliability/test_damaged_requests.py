"""Requests to a server whose database is damaged: reported as damage by every endpoint and page, never as a bug.

DAMAGED_PLACES in the environment is the number of places of each kind; `make reliability` takes 100.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import Final

import pytest

from letrics.store.base import StoreAway
from tests.api.caller import Reply
from tests.reliability.damaged_home import DamagedHome, exchange_pages, flip_cell
from tests.reliability.damaged_server import REQUESTS, DamagedServer, add_admin, served

PLACES: Final = int(os.environ.get("DAMAGED_PLACES", "2"))
"""Places of each kind that are damaged."""
_KINDS: Final = {"cell": flip_cell, "pages": exchange_pages}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[DamagedHome, str]:
    """A home with every kind of row, and the token of an admin."""
    home = DamagedHome(tmp_path_factory.mktemp("whole") / "home", tmp_path_factory.mktemp("files"))
    home.fill()
    return home, add_admin(home)


def check_all(server: DamagedServer, outcomes: Counter[int]) -> None:
    """Send every request, and check that each response is a result, a refusal, or a report of the damage."""
    for method, target, body in REQUESTS:
        reply = server.ask(method, target, body)
        outcomes[reply.status] += 1
        assert reply.status in (200, 202, 303, 404, 409, 500), (method, target, reply)
        if reply.status == 500:
            assert b"letrics check" in reply.body and "retry-after" not in reply.headers, (method, target, reply)


@pytest.mark.parametrize("moment", ["before the start", "while it runs"])
@pytest.mark.parametrize("kind", _KINDS)
def test_requests_on_damage_report_it(
    whole: tuple[DamagedHome, str], tmp_path: Path, seed: int, kind: str, moment: str, loop: asyncio.AbstractEventLoop
) -> None:
    outcomes = Counter[int]()
    for number in range(PLACES):
        home = DamagedHome(tmp_path / "home", whole[0].files)
        shutil.copytree(whole[0].path, home.path)
        random, where = Random(f"{kind} {moment} {seed} {number}"), "nothing"
        try:
            if moment == "before the start":
                where = _KINDS[kind](home.database, random)
            with served(home, whole[1], loop) as server:
                server.wait()
                server.sign_in()
                if moment != "before the start":
                    where = _KINDS[kind](home.database, random)
                check_all(server, outcomes)
        except StoreAway:
            assert moment == "before the start", "a running server reports damage"
            outcomes[0] += 1
        except BaseException as error:
            error.add_note(f"{kind} {moment} {seed} {number}: {where}")
            raise
        shutil.rmtree(home.path)
    sys.stdout.write(f"{kind} {moment}: {dict(outcomes)}\n")


def test_sound_home_has_a_result_of_every_request(
    whole: tuple[DamagedHome, str], tmp_path: Path, loop: asyncio.AbstractEventLoop
) -> None:
    """So that the test above reaches what it damages."""
    home = DamagedHome(tmp_path / "home", whole[0].files)
    shutil.copytree(whole[0].path, home.path)
    with served(home, whole[1], loop) as server:
        server.wait()
        server.sign_in()
        replies: list[Reply] = [server.ask(*request) for request in REQUESTS]
    assert [request for request, reply in zip(REQUESTS, replies, strict=True) if reply.status not in (200, 202)] == []
