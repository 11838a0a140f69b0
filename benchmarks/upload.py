"""Upload of a large CSV file to a server: memory, progress, cancellation, and what a killed server leaves.

    python -m benchmarks.upload [--bytes 1073741824] [--data DIR] [--only whole,cancel,kill]

Prints JSON for each part. `whole`: seconds of the upload and of the import, the highest memory of the server and of the
processes of the import, and the largest difference between the reported progress and the rows stored. `cancel`: seconds
until a running import has ended, and its rows in the database. `kill`: the server is killed while it receives the file,
and while it imports it; what the next one reports, and whether a second upload completes the import.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import httpx

from benchmarks.measure import family, resident
from benchmarks.stages.bench import environment

_HEADER: Final = "First Name,Last Name,Title,Email,Person Linkedin Url,Contact Id,Company,Website,Country,Notes\n"
_FIRST: Final = ("Ann", "Bea", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hana", "Ida", "Jon", "Kim", "Lea", "Max")
_TITLES: Final = ("Chief Technology Officer", "Head of Sales", "Finance Manager", "Software Engineer", "Founder")
_NOTES: Final = "invented for measuring " * 8
_COMPANIES: Final = 100_000
"""The number of companies of the file."""
_SAMPLE_SECONDS: Final = 0.5
"""Seconds between two samples of memory."""
_POLL_SECONDS: Final = 0.1
"""Seconds between two requests for the state of an import."""
_INDEX_SECONDS: Final = 300.0
"""Seconds for which a number of records is waited for."""
_SWEEP_SECONDS: Final = 60.0
"""Seconds for which the removal of an uploaded file is waited for."""
_SENT: Final = 1 << 20
"""Bytes that the client sends at a time."""


def write_contacts(path: Path, size: int) -> int:
    """Write a CSV file of invented contacts with at most `size` bytes; returns the number of its rows."""
    rows = written = 0
    with path.open("w", encoding="ascii", newline="") as file:
        written += file.write(_HEADER)
        while True:
            company = rows % _COMPANIES
            row = (
                f"{_FIRST[rows % 13]},Person{rows},{_TITLES[rows % 5]},person{rows}@firm{company}.example,"
                f"https://www.linkedin.example/in/person-{rows},p{rows},Firm {company},firm{company}.example,"
                f"Germany,{_NOTES}\n"
            )
            written += len(row)
            if written > size:
                return rows
            file.write(row)
            rows += 1


class Server:
    """A server process over a data directory, and a client that may import."""

    def __init__(self, home: Path) -> None:
        self._environment = environment(home)
        self.home = home
        self.start()
        if not (home / "token").exists():
            self._run("user", "add", "bench@people.example", "--role", "admin")
            token = self._run("token", "create", "--user", "bench@people.example", "--name", "b", "--scope", "write")
            (home / "token").write_text(token.strip())
        self.token = (home / "token").read_text()
        headers = {"Authorization": f"Bearer {self.token}"}
        self.client = httpx.Client(base_url=self.url, headers=headers, timeout=600)

    def start(self) -> None:
        words = [sys.executable, "-m", "letrics.cli", "--json", "serve", "--port", "0"]
        self.process = subprocess.Popen(words, env=self._environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        said = ""
        while line := self.process.stdout.readline():
            said += line
            with suppress(ValueError):
                self.url = json.loads(said)["url"]
                return
        raise RuntimeError(f"the server did not start: {said}")

    def kill(self) -> None:
        self.client.close()
        self.process.kill()
        self.process.communicate()

    def stop(self) -> None:
        self.client.close()
        self.process.terminate()
        self.process.communicate()

    def get(self, path: str) -> Any:
        return self.client.get(path).raise_for_status().json()["data"]

    def total(self, expected: int) -> int:
        """The number of contacts that searches find, once it is the expected one or after some minutes."""
        ends = time.monotonic() + _INDEX_SECONDS
        while True:
            answer = self.client.post("/v1/contacts/count", json={})
            found = int(answer.json()["data"]["total"]) if answer.status_code == 200 else -1
            if found == expected or time.monotonic() > ends:
                return found
            time.sleep(_POLL_SECONDS)

    def upload(self, path: Path, sent: Callable[[int], None] = lambda _: None) -> dict[str, Any]:
        def body() -> Iterator[bytes]:
            done = 0
            with path.open("rb") as file:
                while part := file.read(_SENT):
                    yield part
                    done += len(part)
                    sent(done)

        answer = self.client.post("/v1/imports?filename=people.csv&kind=contacts", content=body())
        return dict(answer.raise_for_status().json()["data"])

    def follow(self, id: int, seen: Callable[[dict[str, Any]], bool] = lambda _: False) -> dict[str, Any]:
        """The import when it has ended or been interrupted, or `seen` returns true."""
        while True:
            state = dict(self.get(f"/v1/imports/{id}"))
            if seen(state) or state["status"] != "running" or state["interrupted"]:
                return state
            time.sleep(_POLL_SECONDS)

    def _run(self, *arguments: str) -> str:
        words = [sys.executable, "-m", "letrics.cli", *arguments]
        return subprocess.run(words, env=self._environment, check=True, capture_output=True, text=True).stdout


@contextmanager
def sampled(server: Server) -> Iterator[dict[str, int]]:
    """The highest memory of the server and of each of its import's processes until the end of the block."""
    peaks: dict[str, int] = {}
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(_SAMPLE_SECONDS):
            for pid, name in _parts(server.process.pid).items():
                with suppress(OSError):
                    peaks[name] = max(peaks.get(name, 0), resident(pid))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield peaks
    finally:
        ended.set()
        thread.join()


def _parts(server: int) -> dict[int, str]:
    """The processes of a server, and what they do: `index` rebuilds the index."""
    names = dict.fromkeys(family(server), "index") | {server: "server"}
    for pid in list(names):
        with suppress(OSError):
            if b"--announce" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                names |= dict.fromkeys(family(pid), "reader") | {pid: "importer"}
    return names


def measure_whole(server: Server, file: Path, rows: int) -> dict[str, Any]:
    """Upload and import the file, then once more."""
    started = time.monotonic()
    with sampled(server) as receiving:
        sent: list[float] = []
        state = server.upload(file, lambda _: sent.append(time.monotonic()))
    answered = time.monotonic()
    ahead, waits, last = [0], [0.0], [time.monotonic(), -1]

    def compare(state: dict[str, Any]) -> bool:
        report = state["report"]
        if report.get("total"):
            ahead.append(abs(report["read"] / report["total"] * rows - report["kept"]))
            if report["kept"] != last[1]:
                waits.append(time.monotonic() - last[0])
                last[:] = time.monotonic(), report["kept"]
        return False

    with sampled(server) as importing:
        done = server.follow(state["id"], compare)
    return {
        "send_s": sent[-1] - started, "answer_s": answered - sent[-1],
        "import_s": time.monotonic() - answered, "status": done["status"], "changes": done["changes"],
        "rows": done["report"]["rows"], "read_equals_total": done["report"]["read"] == done["report"]["total"],
        "largest_lead_rows": max(ahead), "longest_without_news_s": max(waits),
        "receiving_mb": _mb(receiving), "importing_mb": _mb(importing), "found": server.total(rows),
    }  # fmt: skip


def measure_cancel(server: Server, file: Path, rows: int) -> dict[str, Any]:
    """Cancel an import when a part of its rows is stored, then undo it."""
    id = server.upload(file)["id"]
    server.follow(id, lambda state: state["changes"].get("new", 0) > rows // 10)
    started = time.monotonic()
    server.client.delete(f"/v1/imports/{id}").raise_for_status()
    state = server.follow(id)
    seconds = time.monotonic() - started
    kept = state["report"]["kept"]
    found = server.total(kept)
    undone = server.client.delete(f"/v1/imports/{id}").raise_for_status().json()["data"]
    return {
        "cancel_s": seconds, "status": state["status"], "kept": kept, "found": found,
        "deleted": undone["deleted"], "left": server.total(0),
    }  # fmt: skip


def measure_kill(home: Path, file: Path, rows: int) -> dict[str, Any]:
    """Kill the server while it receives the file, and while it imports it, each time with and without the import."""
    found: dict[str, Any] = {}
    server = Server(home)
    half = file.stat().st_size // 2

    def kill_at_half(done: int) -> None:
        if done >= half and server.process.poll() is None:
            while not _bytes_in(home):
                time.sleep(_SAMPLE_SECONDS)
            server.process.kill()

    with suppress(httpx.HTTPError):
        server.upload(file, kill_at_half)
    server.kill()
    found["received_bytes_left"] = _bytes_in(home)
    server = Server(home)
    found["bytes_after_restart"] = _bytes_after_sweep(home)
    found["imports_after_restart"] = len(server.get("/v1/imports")["imports"])
    for name, with_import in (("server", False), ("server_and_import", True)):
        id = server.upload(file)["id"]
        server.follow(id, lambda state: state["changes"].get("new", 0) > rows // 10)
        processes = family(server.process.pid)
        server.kill()
        if with_import:
            for pid in processes[1:]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        server = Server(home)
        restarted = server.get(f"/v1/imports/{id}")
        state = server.follow(id)
        found[name] = {
            "after_restart": _shown(restarted), "at_end": _shown(state),
            "found": server.total(state["changes"]["new"]),
            "bytes_left": _bytes_after_sweep(home),
        }  # fmt: skip
        if with_import:
            again = server.follow(server.upload(file)["id"])
            found["again"] = _shown(again) | {"changes": again["changes"], "found": server.total(rows)}
        else:
            undone = server.client.delete(f"/v1/imports/{id}").raise_for_status().json()["data"]
            found["undone"] = {"deleted": undone["deleted"], "kept": undone["kept"], "left": server.total(0)}
    server.stop()
    return found


def _bytes_after_sweep(home: Path) -> int:
    """The bytes of uploads once there are none, or after a minute."""
    ends = time.monotonic() + _SWEEP_SECONDS
    while (left := _bytes_in(home)) and time.monotonic() < ends:
        time.sleep(_SAMPLE_SECONDS)
    return left


def _shown(state: dict[str, Any]) -> dict[str, Any]:
    return {"status": state["status"], "interrupted": state["interrupted"], "kept": state["report"].get("kept")}


def _bytes_in(home: Path) -> int:
    uploads = home / "uploads"
    return sum(path.stat().st_size for path in uploads.rglob("*") if path.is_file()) if uploads.exists() else 0


def _mb(peaks: dict[str, int]) -> dict[str, float]:
    return {name: round(peak / 1e6, 1) for name, peak in peaks.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bytes", type=int, default=1 << 30)
    parser.add_argument("--data", type=Path, default=Path(__file__).parent / ".data" / "upload")
    parser.add_argument("--only", default="whole,cancel,kill")
    given = parser.parse_args()
    given.data.mkdir(parents=True, exist_ok=True)
    file = given.data / f"people-{given.bytes}.csv"
    rows = write_contacts(file, given.bytes)
    with tempfile.TemporaryDirectory(dir=given.data) as directory:
        for name, measure in (("whole", measure_whole), ("cancel", measure_cancel)):
            if name in given.only.split(","):
                (home := Path(directory) / name).mkdir()
                server = Server(home)
                try:
                    print(json.dumps({name: measure(server, file, rows)}, indent=2), flush=True)
                finally:
                    server.stop()
        if "kill" in given.only.split(","):
            (home := Path(directory) / "kill").mkdir()
            print(json.dumps({"kill": measure_kill(home, file, rows)}, indent=2), flush=True)


if __name__ == "__main__":
    main()
