"""What changes a home and asks its server in tests of reliability, each in a thread."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.reliability.changing_home import ChangingHome, passing, random_search
from tests.reliability.running import PATIENCE, Server, until


class Watch:
    """Runs jobs again and again in threads until it is over. `failures` are the exceptions of the jobs."""

    def __init__(self, seconds: float) -> None:
        self.over = threading.Event()
        self.failures: list[BaseException] = []
        self.done: Counter[str] = Counter()
        self._ends = time.monotonic() + seconds

    def again_and_again(self, name: str, job: Callable[[], object], pause: float = 0.0) -> threading.Thread:
        def run() -> None:
            while not self.over.is_set():
                try:
                    job()
                except BaseException as error:
                    self.failures.append(error)
                    self.over.set()
                self.done[name] += 1
                self.over.wait(pause)

        thread = threading.Thread(target=run, name=name)
        thread.start()
        return thread

    def wait(self) -> None:
        self.over.wait(max(0.0, self._ends - time.monotonic()))
        self.over.set()


class Looker:
    """Asks one worker, and counts pages, wrong records on them, and responses that are errors of the server."""

    def __init__(self, client: httpx.Client, seed: object) -> None:
        self.client = client
        self.rng = random.Random(str(seed))
        self.pages = self.records = 0
        self.wrong: list[tuple[dict[str, Any], str]] = []

    def look(self) -> None:
        """Read one or two pages of a random search, and judge what they show."""
        kind, filters = random_search(self.rng)
        body = filters | {"per_page": self.rng.choice((25, 100)), "order": self.rng.choice(("oldest", "newest"))}
        body["page"] = self.rng.choice((1, 1, 2, 5))
        for _ in range(2):
            reply = self.client.post(f"/v1/{kind}", json=body)
            assert reply.status_code == 200, reply.text
            found = reply.json()
            judged = passing(kind, filters, found["data"])
            self.pages, self.records = self.pages + 1, self.records + len(judged)
            self.wrong += [(body, rec["id"]) for rec, right in zip(found["data"], judged, strict=True) if not right]
            if found["meta"]["next_cursor"] is None:
                return
            body = body | {"cursor": found["meta"]["next_cursor"]}
            body.pop("page", None)


class Prober:
    """Writes a record, and measures how long each worker takes to find it after the write was reported."""

    def __init__(self, server: Server, clients: dict[int, httpx.Client]) -> None:
        self.server = server
        self.clients = clients
        self.lags: list[float] = []
        self._number = 0

    def probe(self) -> None:
        self._number += 1
        word = f"probe{self._number}"
        row = {"id": "probe", "full_name": "Pro Be", "job_title": word, "company_domain": "probe.example"}
        reply = self.server.client.post("/v1/contacts/upsert", json={"records": [row]})
        assert reply.status_code == 200, reply.text
        written = time.monotonic()

        def lag(client: httpx.Client) -> float:
            body = {"job_title_words": [word], "per_page": 1}
            until(lambda: client.post("/v1/contacts", json=body).json()["meta"]["total"] == 1, pause=0.05)
            return time.monotonic() - written

        with ThreadPoolExecutor(len(self.clients)) as threads:
            self.lags += threads.map(lag, self.clients.values())


class Uploader:
    """Imports changed companies over HTTP, and undoes every other one."""

    def __init__(self, server: Server, home: ChangingHome, rng: random.Random) -> None:
        self.server = server
        self.home = home
        self.rng = rng
        self.undone = 0

    def upload(self) -> None:
        path = self.home.changed_companies(self.rng, "companies-changed.jsonl", 0.2)
        query = {"kind": "companies", "filename": path.name, "confirm_renames": "true"}
        headers = {"Content-Type": "application/x-ndjson"}
        with httpx.Client(base_url=self.server.url, headers=self.server.client.headers, timeout=PATIENCE) as client:
            reply = client.post("/v1/imports", params=query, content=path.read_bytes(), headers=headers)
            assert reply.status_code == 202, reply.text
            id = reply.json()["data"]["id"]
            until(lambda: client.get(f"/v1/imports/{id}").json()["data"]["status"] == "done", 10 * PATIENCE)
            if self.rng.random() < 0.5:
                assert client.delete(f"/v1/imports/{id}").status_code == 200
                self.undone += 1


class Callers:
    """Threads that search, `rate` times a second in all, or as fast as they can."""

    def __init__(self, server: Server, threads: int) -> None:
        self._server = server
        self._threads = threads
        self.statuses: dict[int, int] = {}
        self.seconds: list[float] = []
        self._lock = threading.Lock()

    def run(self, seconds: float, rate: float | None = None) -> int:
        """Search for some time; returns the number of responses."""
        before, ends = len(self.seconds), time.monotonic() + seconds
        threads = [threading.Thread(target=self._search, args=(at, ends, rate)) for at in range(self._threads)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return len(self.seconds) - before

    def _search(self, seed: int, ends: float, rate: float | None) -> None:
        rng, due = random.Random(seed), time.monotonic()
        headers = {"Authorization": f"Bearer {self._server.token}"}
        with httpx.Client(base_url=self._server.url, headers=headers, timeout=PATIENCE) as client:
            while True:  # at least once
                if rate is not None:
                    due += self._threads * rng.expovariate(rate)
                    time.sleep(max(0.0, due - time.monotonic()))
                kind, filters = random_search(rng)
                started = time.monotonic()
                status = client.post(f"/v1/{kind}", json=filters | {"page": rng.choice((1, 1, 2, 50))}).status_code
                with self._lock:
                    self.seconds.append(time.monotonic() - started)
                    self.statuses[status] = self.statuses.get(status, 0) + 1
                if time.monotonic() >= ends:
                    return
