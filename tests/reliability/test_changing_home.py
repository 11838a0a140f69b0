"""A home that changes all the time while all workers of its server are asked.

Two importers, deletions and undo: no page has a record that does not match, every worker soon knows every change, and
at rest all of them agree with the judge. FRESH_SECONDS is how long it takes (600 by `make reliability`), and
LAG_SECONDS the longest lag that is allowed.

70 % of the load that the server can take, with imports: memory and open files stay what they are, and no request fails.
SOAK_SECONDS is how long it takes (3,600 by `make reliability`), and MEMORY_GROWTH the share by which memory may grow.
"""

from __future__ import annotations

import gc
import json
import os
import random
import sys
import threading
from collections.abc import Callable, Iterator

import httpx
import pytest

from letrics.records import Kind
from tests.reliability.changing_home import ChangingHome, passing, random_search
from tests.reliability.load_jobs import Callers, Looker, Prober, Uploader, Watch
from tests.reliability.running import PATIENCE, Server, letrics, serving, until
from tests.reliability.worker_clients import clients_of_workers, count_open_files, private_bytes

SECONDS = float(os.environ.get("FRESH_SECONDS", "3"))
LAG = float(os.environ.get("LAG_SECONDS", "60"))
SOAK_SECONDS = float(os.environ.get("SOAK_SECONDS", "3"))
GROWTH = float(os.environ.get("MEMORY_GROWTH", "0.5"))
IS_FULL = max(SECONDS, SOAK_SECONDS) >= 60
CONTACTS = int(os.environ.get("CHANGING_CONTACTS", "100000" if IS_FULL else "1500"))
COMPANIES, WORKERS, THREADS = CONTACTS // 5, 4 if IS_FULL else 2, 6 if IS_FULL else 2
PEAK_SECONDS = 15.0 if IS_FULL else 1.0
LOAD = 0.7
LOOK_PAUSE = float(os.environ.get("LOOK_PAUSE", "0.1"))
FILES = 6 if IS_FULL else 1
"""The number of files of changed rows, which are imported one after another, again and again: the values stay those of
the same few states."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChangingHome]:
    made = ChangingHome(tmp_path_factory.mktemp("changing") / "home", COMPANIES, CONTACTS)
    gc.freeze()  # a collection of the rows stops all threads of this process for half a second, also those that measure
    yield made
    gc.unfreeze()


@pytest.fixture(scope="module")
def server(home: ChangingHome) -> Iterator[Server]:
    with serving(home.home, workers=WORKERS) as started:
        yield started


@pytest.mark.slow
def test_pages_are_right_while_everything_changes(home: ChangingHome, server: Server, seed: int) -> None:
    rng = random.Random(seed)
    sets = [clients_of_workers(server) for _ in range(2)]
    lookers = [Looker(client, f"{seed}:{at}") for at, client in enumerate(sets[0].values())]
    prober, uploader = Prober(server, sets[1]), Uploader(server, home, random.Random(f"{seed}:companies"))

    def load() -> None:
        home.load(home.changed_contacts(rng, "contacts-changed.jsonl", 0.3))

    drawn = random.Random(f"{seed}:deletions")

    def delete() -> None:
        with httpx.Client(base_url=server.url, headers=server.client.headers, timeout=PATIENCE) as client:
            reply = client.delete(f"/v1/contacts/{drawn.choice(home.contacts)['id']}")
        assert reply.status_code in (200, 404), reply.text

    watch = Watch(SECONDS)
    threads = [watch.again_and_again(f"look {at}", one.look, LOOK_PAUSE) for at, one in enumerate(lookers)]
    jobs: list[tuple[str, Callable[[], object], float]] = [
        ("imports", load, 0.1), ("uploads", uploader.upload, 0.1), ("deletions", delete, 0.5),
        ("probes", prober.probe, 0.1),
    ]  # fmt: skip
    threads += [watch.again_and_again(*job) for job in jobs]
    watch.wait()
    for thread in threads:
        thread.join()
    assert not watch.failures, watch.failures
    prober.probe()
    _judge_at_rest(home, lookers, rng, 20 if IS_FULL else 8)
    for clients in sets:
        for client in clients.values():
            client.close()
    letrics(home.home, "check")
    lags, wrong = sorted(prober.lags), [found for looker in lookers for found in looker.wrong]
    sys.stdout.write(
        f"\n{SECONDS:g} s, {WORKERS} workers, {CONTACTS:,} contacts: {sum(one.pages for one in lookers):,} pages, "
        f"{sum(one.records for one in lookers):,} records, {len(wrong)} wrong; {watch.done['imports']} imports, "
        f"{watch.done['uploads']} uploads, {uploader.undone} undone, {watch.done['deletions']} deletions; lag of "
        f"{len(lags)} probes: median {lags[len(lags) // 2]:.2f} s, 99 % {lags[int(0.99 * len(lags))]:.2f} s, "
        f"most {lags[-1]:.2f} s\n"
    )
    assert not wrong, f"{len(wrong)} records do not match: {wrong[:5]}"
    assert lags[-1] <= LAG


def _judge_at_rest(home: ChangingHome, lookers: list[Looker], rng: random.Random, searches: int) -> None:
    """Totals and first pages of every worker are those of the records that an export has."""
    kinds: tuple[Kind, ...] = ("companies", "contacts")
    everything = {
        kind: [json.loads(line) for line in letrics(home.home, "export", kind).splitlines()] for kind in kinds
    }
    for _ in range(searches):
        kind, filters = random_search(rng)
        judged = zip(everything[kind], passing(kind, filters, everything[kind]), strict=True)
        expected = [record["id"] for record, right in judged if right]
        for looker in lookers:
            found = looker.client.post(f"/v1/{kind}", json=filters | {"per_page": 100}).json()
            assert found["meta"]["total"] == len(expected), filters
            assert [record["id"] for record in found["data"]] == expected[:100], filters


@pytest.mark.slow
def test_soak_leaves_memory_and_open_files_as_they_are(home: ChangingHome, server: Server) -> None:
    rng = random.Random(1)
    files = [home.changed_contacts(rng, f"changed{at}.jsonl", 0.2) for at in range(FILES)]
    pids = [server.pid, *server.workers()]
    callers, over, imports, failures = Callers(server, THREADS), threading.Event(), [0], list[BaseException]()

    def load() -> None:
        try:
            while not over.is_set():
                home.load(files[imports[0] % FILES])
                imports[0] += 1
                over.wait(SOAK_SECONDS / 120)
        except BaseException as error:
            failures.append(error)

    peak = callers.run(PEAK_SECONDS) / PEAK_SECONDS
    importing = threading.Thread(target=load)
    importing.start()
    open_files = dict.fromkeys(pids, 0)
    memory: list[int] = []
    parts = 20 if IS_FULL else 4
    for part in range(parts):
        callers.run(SOAK_SECONDS / parts, LOAD * peak)
        memory.append(sum(private_bytes(pid) for pid in pids))
        if part == parts // 4:
            open_files = {pid: count_open_files(pid) for pid in pids}
    over.set()
    importing.join()
    until(lambda: server.alive())
    growth = max(memory[3 * parts // 4 :]) / max(memory[parts // 4 : parts // 2]) - 1
    left = {pid: count_open_files(pid) - before for pid, before in open_files.items()}
    slowest = sorted(callers.seconds)
    sys.stdout.write(
        f"\n{SOAK_SECONDS:g} s at {LOAD * peak:.0f} of {peak:.0f} requests/s, {WORKERS} workers, {CONTACTS:,} contacts "
        f"and {imports[0]} imports, {len(slowest):,} responses {callers.statuses}, 99 % in "
        f"{1000 * slowest[int(0.99 * len(slowest))]:.0f} ms; memory {memory[parts // 4] / 1e6:.0f} MB to "
        f"{memory[-1] / 1e6:.0f} MB, most {100 * growth:+.1f} %; open files {left}\n"
    )
    assert not failures, failures
    assert set(callers.statuses) == {200}
    assert max(left.values()) <= 8, "connections, and files that an import has just made it open"
    assert growth <= GROWTH
