"""The benchmark's stages: data made, imported, searched, served, and compared with a peer on the same records.

Data and databases are kept in benchmarks/.data and made once for each size and seed (`--again` imports anew).
Everything measured runs on one core. Prints a table and writes benchmarks/results/<date>-<size>.json.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import generate, report
from benchmarks.measure import window_of
from benchmarks.peers.sqlite import SqlitePeer, version
from benchmarks.workloads.mix import mix
from letrics.query import parse_request
from letrics.settings import Home
from letrics.store.sqlite import SqliteStore

HERE = Path(__file__).parent
CORE = "0"


def pinned(*command: object) -> list[str]:
    """A Python command on one core."""
    return ["taskset", "-c", CORE, sys.executable, *map(str, command)]


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LETRICS_")}
    return kept | {"LETRICS_HOME": str(home), "PYTHONPATH": f"{HERE.parent / 'src'}:{HERE.parent}"}


def run_import(home: Path, files: tuple[Path, Path], again: bool) -> dict[str, Any]:
    """Import into a fresh home, index included; the figures of an earlier import where there is one."""
    kept = home / "import.json"
    if kept.exists() and not again:
        found: dict[str, Any] = json.loads(kept.read_text())
        return found
    shutil.rmtree(home, ignore_errors=True)
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        pinned("-m", "letrics.cli", "import", "--json", *files),
        env=environment(home),
        check=True,
        stdout=subprocess.PIPE,
    )
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = json.loads(done.stdout)
    found = {
        "rows": told["rows"],
        "wall_s": wall,
        "cpu_s": cpu,
        "rows_per_second": told["rows"] / wall,
        "rows_per_cpu_second": told["rows"] / cpu,
        "write_s": told["seconds"],
        "database_bytes": Home(home).database.stat().st_size,
        "index_bytes": Home(home).snapshot.stat().st_size,
    }
    kept.write_text(json.dumps(found))
    return found


def run_engine(home: Path, companies: int, seed: int) -> dict[str, Any]:
    done = subprocess.run(
        pinned("-m", "benchmarks.measure", home, "--companies", companies, "--seed", seed),
        env=environment(home),
        check=True,
        stdout=subprocess.PIPE,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    asked = told["asked"]
    told["search_ms"] = report.percentiles([one["search_ms"] for one in asked])
    told["documents_ms"] = report.percentiles([one["documents_ms"] for one in asked])
    told["shapes"] = report.by_shape(asked, "search_ms")
    return told


def run_http(home: Path, companies: int, seed: int) -> dict[str, Any]:
    """The mix over one connection to a server on the one core; the caller is on another."""
    email = "benchmark@people.example"
    subprocess.run(
        pinned("-m", "letrics.cli", "user", "add", email), env=environment(home), check=False, capture_output=True
    )
    made = subprocess.run(
        pinned("-m", "letrics.cli", "token", "create", "--user", email, "--name", "benchmark"),
        env=environment(home),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    headers = {"Authorization": f"Bearer {made.stdout.strip()}", "Content-Type": "application/json"}
    server = subprocess.Popen(
        pinned("-m", "letrics.cli", "serve", "--port", "0"), env=environment(home), stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        port = re.search(r":([0-9]+)", server.stdout.readline())
        assert port is not None
        connection = http.client.HTTPConnection("127.0.0.1", int(port[1]))
        times, sizes = [], []
        for _, kind, body in mix(companies=companies, seed=seed):
            started = time.perf_counter()
            connection.request("POST", f"/v1/{kind}", json.dumps(body), headers)
            answer = connection.getresponse()
            sizes.append(len(answer.read()))
            times.append((time.perf_counter() - started) * 1000)
            assert answer.status == 200, (kind, body, answer.status)
        connection.close()
    finally:
        server.terminate()
        server.wait()
    return {"ms": report.percentiles(times), "mean_bytes": sum(sizes) / len(sizes)}


def run_peer(home: Path, companies: int, seed: int, count: int, asked: list[dict[str, Any]]) -> dict[str, Any]:
    """The first `count` searches of the mix asked of the peer, its answers checked against the engine's."""
    os.sched_setaffinity(0, {int(CORE)})
    store = SqliteStore.open(Home(home).database, create=False)
    peer = SqlitePeer(home / "peer.db", store)
    ours: list[float] = []
    theirs: list[float] = []
    gave_up = different = 0
    for (_, kind, body), mine in list(zip(mix(companies=companies, seed=seed), asked, strict=True))[:count]:
        request = parse_request(kind, body)
        started = time.perf_counter()
        found = peer.search(request, window_of(request))
        if found is None:
            gave_up += 1
            continue
        theirs.append((time.perf_counter() - started) * 1000)
        ours.append(mine["search_ms"])
        if found != (mine["total"], mine["nums"]):
            different += 1
            print(f"different: {kind} {body}: {mine['total']}, SQLite {found[0]}", file=sys.stderr)
    store.close()
    spread, own = report.percentiles(theirs), report.percentiles(ours)
    return {
        "name": version(),
        "asked": len(theirs),
        "gave_up": gave_up,
        "ms": spread,
        "engine_ms": own,
        "ratio_of_sums": sum(theirs) / sum(ours),
        "ratio_p50": spread["p50"] / own["p50"],
        "equal": len(theirs) - different,
        "different": different,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--companies", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--titles", type=Path, help="real job titles, one a line, to build on")
    parser.add_argument(
        "--peer-searches", type=int, default=100, help="how many of the mix the peer is asked (0: none)"
    )
    parser.add_argument("--again", action="store_true", help="import anew")
    given = parser.parse_args()
    size = f"{given.contacts}-{given.companies}-{given.seed}-v{generate.VERSION}"
    size += f"-{given.titles.stem}" if given.titles else ""
    data = HERE / ".data" / size
    result: dict[str, Any] = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "size": {"contacts": given.contacts, "companies": given.companies},
        "seed": given.seed,
        "machine": report.machine(),
    }
    files = generate.generate(data, given.companies, given.contacts, given.seed, given.titles)
    home = data / "home"
    result["import"] = run_import(home, files, given.again)
    result["engine"] = run_engine(home, given.companies, given.seed)
    asked = result["engine"].pop("asked")
    result["http"] = run_http(home, given.companies, given.seed)
    result["peer"] = {}
    if given.peer_searches:
        result["peer"] = run_peer(home, given.companies, given.seed, given.peer_searches, asked)
    out = HERE / "results" / f"{result['date']}-{given.contacts}.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(result, indent=2) + "\n")
    print(report.table(result))
    print(f"written to {out}", file=sys.stderr)
