"""The engine on an OpenSearch cluster (`--cluster URL`): all records loaded, and the searches of the engine stage.

Every total and page is compared with that of the engine stage. The indexes have a prefix for the size of the data, are
built again in each run and stay afterwards. Searches run one at a time, and each once.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import closing
from typing import Any, Final

from benchmarks.measure import by_name, spread
from benchmarks.stages.bench import Bench, Figures, stay_on
from letrics.engines.base import SearchRequest, Window
from letrics.engines.opensearch.cluster_address import read_address
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.following.cluster_target import ClusterTarget
from letrics.engines.opensearch.names import PARTS, IndexNames
from letrics.engines.opensearch.opensearch_engine import OpenSearchEngine
from letrics.query import parse_request
from letrics.settings import Home
from letrics.store.sqlite import SqliteStore

_BUDGET_MS: Final = 60_000
"""The time budget of a search."""
_FLUSH_SECONDS: Final = 60
"""The time limit of a flush, which deletes the files of merged segments."""
_SETTLED_SECONDS: Final = 5
"""How long no segments are merged before the searches begin."""


class _OwnLease:
    """A lease of indexes that no other process feeds; see Lease."""

    def start(self) -> None:
        """See Lease."""

    def is_held(self) -> bool:
        """See Lease."""
        return True

    def close(self) -> None:
        """See Lease."""


def run(bench: Bench) -> Figures:
    if not bench.cluster:
        return {"missing": "no cluster was given (--cluster)"}
    stay_on(None)
    address = read_address(f"{bench.cluster}/bench-{bench.contacts}-{bench.companies}")
    names = IndexNames(address.prefix)
    with closing(Client(address)) as client:  # a separate one, because the end of a load interrupts its requests
        loaded = _load(bench, client, names)
    with closing(Client(address)) as client:
        indexes = ",".join(map(names.alias, PARTS))
        merged_seconds = _wait_for_merges(client, indexes)
        stored = client.request_blocking("GET", f"/{indexes}/_stats/store")["_all"]["primaries"]["store"]
        engine = OpenSearchEngine(client, names, budget_ms=_BUDGET_MS)
        known = bench.saved("answers")
        mix, hard = (asyncio.run(_search(engine, known[name])) for name in ("mix", "hard"))
        return {
            "nodes": client.request_blocking("GET", "/_cluster/health")["number_of_data_nodes"],
            "version": client.request_blocking("GET", "/")["version"]["number"],
            **loaded,
            "merged_s": merged_seconds,
            "index_bytes": stored["size_in_bytes"],
            "mix_ms": spread([one["ms"] for one in mix]),
            "shapes": by_name(mix, "ms"),
            "hard": by_name(hard, "ms"),
            **{name: sum(one[name] for one in (*mix, *hard)) for name in ("same", "different")},
        }


def _load(bench: Bench, client: Client, names: IndexNames) -> Figures:
    """Build the indexes from the log."""
    with SqliteStore.open(Home(bench.home).database, read_only=True) as store:
        target = ClusterTarget(client, names, _OwnLease(), shards=bench.shards, keep_seconds=0)
        counts, started = store.counts(), time.monotonic()
        target.rebuild(store)
        seconds = time.monotonic() - started
        target.close()
    return {
        "shards": bench.shards,
        "load_s": seconds,
        "loaded_per_second": (counts.contacts + counts.companies) / seconds,
    }


def _wait_for_merges(client: Client, indexes: str) -> float:
    """Wait until the cluster has merged the segments of a load, and search those. Returns the seconds that it took."""
    started = last = time.monotonic()
    while time.monotonic() - last < _SETTLED_SECONDS:
        time.sleep(1)
        if client.request_blocking("GET", f"/{indexes}/_stats/merge")["_all"]["primaries"]["merges"]["current"]:
            last = time.monotonic()
    client.request_blocking("POST", f"/{indexes}/_refresh")
    client.request_blocking("POST", f"/{indexes}/_flush", seconds=_FLUSH_SECONDS)
    return last - started


async def _search(engine: OpenSearchEngine, known: list[Figures]) -> list[dict[str, Any]]:
    """Each search, with its time and whether the result is the known one."""
    found: list[dict[str, Any]] = []
    for ours in known:
        request = parse_request(ours["kind"], ours["body"])
        window = Window(request.order, ((request.page or 1) - 1) * request.per_page, request.after, request.per_page)
        started = time.perf_counter()
        result = await engine.search(SearchRequest(request.query, window))
        ms = (time.perf_counter() - started) * 1000
        same = (result.total, result.nums) == (ours["total"], ours["nums"])
        if not same:
            print(f"OpenSearch differs: {ours['kind']} {str(ours['body'])[:300]}: {result.total}, ours {ours['total']}")
        found.append({"shape": ours["shape"], "ms": ms, "same": same, "different": not same})
    return found
