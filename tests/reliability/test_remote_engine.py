"""An engine on another machine that is slow, away, or behind the log: the API says so, and serves all else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from letrics.engines.base import EngineAway
from letrics.engines.follower import Follower
from letrics.identity.patches import ContactPatch
from tests.api.caller import Caller, Reply
from tests.api.stored import Stored, stored
from tests.contract.envelope import check
from tests.contract.world import CONTACTS, put
from tests.matrix.pairs import Pair
from tests.matrix.stores import STORES
from tests.naive.remote import FollowedRemoteEngine, RemoteEngine
from tests.waiting import wait_for

BUDGET_MS = 60_000


class Asked(NamedTuple):
    """A request."""

    method: str
    target: str
    body: dict[str, Any] | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.target}"

    async def send(self, caller: Caller) -> Reply:
        body = b"" if self.body is None else json.dumps(self.body).encode()
        return await caller.ask(self.method, self.target, body)


NEED_THE_ENGINE = (
    Asked("GET", "/v1/contacts"),
    Asked("POST", "/v1/companies", {"industries": ["Software"]}),
    Asked("POST", "/v1/contacts/count", {}),
    Asked("POST", "/v1/contacts/facets", {"facets": ["departments"]}),
    Asked("POST", "/v1/contacts/export", {}),
    Asked("GET", "/v1/companies/fields/industries/values?q=soft"),
    Asked("GET", "/v1/contacts/ann"),
    Asked("GET", "/readyz"),
)
NEED_NO_ENGINE = (
    Asked("GET", "/healthz"),
    Asked("GET", "/v1/contacts/fields"),
    Asked("GET", "/v1/account"),
    Asked("GET", "/openapi.json"),
)


@pytest.fixture
def budget_ms() -> int:
    """The time budget of a call of the engine. A test overrides it with another one."""
    return BUDGET_MS


@pytest.fixture
def remote(budget_ms: int) -> RemoteEngine:
    return RemoteEngine(budget_ms)


@pytest.fixture
def served(tmp_path: Path, remote: RemoteEngine) -> Iterator[Stored]:
    """The API over the small world, which the remote engine has read."""
    pair = Pair("remote-naive", STORES["naive"], lambda directory, budget: FollowedRemoteEngine(remote))
    with stored(tmp_path, put, pair=pair) as opened:
        yield opened


def ask(served: Stored, asked: Asked) -> Reply:
    return served.caller.loop.run_until_complete(asked.send(served.caller))


class TestAway:
    @pytest.mark.parametrize("asked", NEED_THE_ENGINE, ids=str)
    def test_what_needs_the_engine_says_when_to_retry(self, served: Stored, remote: RemoteEngine, asked: Asked) -> None:
        remote.away = EngineAway("https://search.secret.example refuses connections", retry_after=30)
        reply = ask(served, asked)
        assert "secret" not in check(reply, "unavailable") and reply.headers["retry-after"] == "30"
        remote.away = None
        assert ask(served, asked).status == 200

    @pytest.mark.parametrize("asked", NEED_NO_ENGINE, ids=str)
    def test_what_needs_no_engine_is_served(self, served: Stored, remote: RemoteEngine, asked: Asked) -> None:
        remote.away = EngineAway()
        assert ask(served, asked).status == 200

    def test_metrics_say_that_searches_are_refused(self, served: Stored, remote: RemoteEngine) -> None:
        remote.away = EngineAway()
        told = ask(served, Asked("GET", "/metrics")).body.decode().splitlines()
        assert "letrics_ready 0.0" in told and f'letrics_records{{kind="contacts"}} {len(CONTACTS)}.0' in told


class TestSlow:
    @pytest.mark.parametrize("asked", NEED_THE_ENGINE, ids=str)
    def test_other_requests_are_served_meanwhile(self, served: Stored, remote: RemoteEngine, asked: Asked) -> None:
        caller = served.caller

        async def both() -> tuple[bool, list[int], int]:
            remote.open.clear()
            remote.asked.clear()
            waiting = asyncio.create_task(asked.send(Caller(caller.app, caller.loop, caller.token)))
            await remote.asked.wait()
            meanwhile = [(await other.send(caller)).status for other in NEED_NO_ENGINE]
            done = waiting.done()
            remote.open.set()
            return done, meanwhile, (await waiting).status

        assert caller.loop.run_until_complete(both()) == (False, [200] * len(NEED_NO_ENGINE), 200)

    @pytest.mark.parametrize("budget_ms", [20])
    @pytest.mark.parametrize("asked", NEED_THE_ENGINE[:6], ids=str)
    def test_past_its_time_budget_it_is_unavailable(self, served: Stored, remote: RemoteEngine, asked: Asked) -> None:
        remote.open.clear()
        reply = ask(served, asked)
        assert "time budget" in check(reply, "unavailable") and reply.headers["retry-after"] == "5"

    def test_connection_that_breaks_during_a_search_is_away(self, served: Stored, remote: RemoteEngine) -> None:
        async def broken() -> Reply:
            remote.open.clear()
            remote.asked.clear()
            waiting = asyncio.create_task(NEED_THE_ENGINE[0].send(served.caller))
            await remote.asked.wait()
            remote.away = EngineAway(retry_after=7)
            remote.open.set()
            return await waiting

        reply = served.caller.loop.run_until_complete(broken())
        check(reply, "unavailable")
        assert reply.headers["retry-after"] == "7"


class TestBehind:
    def test_searches_are_of_the_engines_position(self, served: Stored) -> None:
        added = ContactPatch(company="acme.example", external_id="new", job_title="Newcomer")
        served.store.put_contacts([added])
        served.store.delete_id("contacts", "bob")
        caller = served.caller
        assert caller.get("/v1/contacts?job_titles=newcomer").json["meta"]["total"] == 0
        page = caller.get("/v1/contacts?domains=acme.example").json
        assert (page["meta"]["total"], [record["id"] for record in page["data"]]) == (2, ["ann"])
        assert caller.get("/v1/contacts/new").status == 200 and caller.get("/v1/contacts/bob").status == 404
        assert caller.get("/readyz").status == 200
        served.follow()
        page = caller.get("/v1/contacts?domains=acme.example").json
        assert (page["meta"]["total"], [record["id"] for record in page["data"]]) == (2, ["ann", "new"])

    def test_metrics_say_how_many_changes_it_lacks(self, served: Stored) -> None:
        served.store.put_contacts([ContactPatch(company="acme.example", external_id=f"new{n}") for n in range(3)])
        told = served.caller.get("/metrics").body.decode().splitlines()
        assert "letrics_engine_lag 3.0" in told and "letrics_ready 1.0" in told
        served.follow()
        assert "letrics_engine_lag 0.0" in served.caller.get("/metrics").body.decode().splitlines()


def test_follower_goes_on_when_the_engine_is_back(
    served: Stored, remote: RemoteEngine, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    remote.away = EngineAway("search.example refuses connections")
    served.store.put_contacts([ContactPatch(company="acme.example", external_id="new")])
    follower = Follower(served.made.target(), STORES["naive"](tmp_path).open, 0.01)
    follower.start()
    try:
        wait_for(lambda: follower.failure is not None)
        assert "search.example" in str(follower.failure)
        remote.away = None
        wait_for(lambda: served.made.target().position() == served.store.position())
        wait_for(lambda: follower.failure is None)
    finally:
        follower.stop()
    assert "search.example refuses connections" in caplog.text and "Traceback" not in caplog.text
