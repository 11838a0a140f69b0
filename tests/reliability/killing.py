"""A home whose processes are killed: imports, saving and rebuilding the index, uploads, and undoing.

Whatever is killed, batches are whole, nothing is lost that another process has seen or a response has acknowledged, and
doing the same again finishes it.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Literal

import httpx

from benchmarks.measure import family
from benchmarks.upload import Server, write_contacts
from letrics.backends import open_backends
from letrics.settings import Home, load_settings
from letrics.store.base import Store, StoreAway
from tests.default_backends import rebuilding_command
from tests.reliability.running import PATIENCE, environment, run_here, start, until

BATCH: Final = 100
"""The number of rows of a batch."""
_UPLOAD_BYTES: Final = 400_000
"""The size of the uploaded file: about 1,100 contacts."""
_DELAY_SECONDS: Final = 0.05
"""The longest time from the state that is waited for to the kill."""

Moment = Literal["receiving", "server", "everything"]
"""What is killed: a server that receives a file, one whose upload is imported, or both it and the import."""
MOMENTS: Final[tuple[Moment, ...]] = ("receiving", "server", "everything")


class KilledHome:
    """A home over the database at `url` (none: SQLite). `files` are companies and contacts with every time in them."""

    def __init__(self, home: Path, url: str, files: list[Path], rng: random.Random) -> None:
        self.home = home
        self._files = files
        self._rng = rng
        self._server: Server | None = None
        self._uploads = 0
        self._rows = [file.read_bytes().count(b"\n") for file in files]
        home.mkdir()
        database = f'database = "{url}"\n' if url else ""
        (home / "letrics.toml").write_text(f"batch_size = {BATCH}\n{database}")

    @property
    def total(self) -> int:
        """The number of records in the files."""
        return sum(self._rows)

    @contextmanager
    def store(self) -> Iterator[Store]:
        with open_backends(Home(self.home), load_settings(self.home)).store.open() as store:
            yield store

    def counts(self) -> tuple[int, int]:
        """The number of companies and of contacts."""
        with suppress(StoreAway), self.store() as store:
            found = store.counts()
            return found.companies, found.contacts
        return 0, 0  # begun, and not yet a database

    def exported(self) -> list[list[str]]:
        """Every record, in an order that does not depend on the database."""
        return [sorted(run_here(self.home, "export", kind).splitlines()) for kind in ("companies", "contacts")]

    def check(self) -> None:
        """The database agrees with itself, and the index with the database."""
        run_here(self.home, "check")

    def import_files(self) -> str:
        """Import the files to the end; returns what the command reports."""
        return run_here(self.home, "import", "--json", "--yes", *self._files)

    def kill_import(self, records: int) -> tuple[int, int]:
        """Kill an import when that many records are stored; returns how many there are of each kind."""
        process = start(self.home, "import", "--yes", *self._files)
        seen = [(0, 0)]

        def reached() -> bool:
            seen.append(self.counts())
            return process.poll() is not None or sum(seen[-1]) >= records

        until(reached)
        self._kill(process)
        found = self.counts()
        assert found[0] >= seen[-1][0] and found[1] >= seen[-1][1], f"{seen[-1]} were stored, {found} are left"
        assert found[0] % BATCH == 0 and found[1] % BATCH == 0, f"part of a batch: {found}"
        assert found[1] == 0 or found[0] == self._rows[0]
        if found != (0, 0):
            self._check_shown()
        return found

    def kill_saving(self, seconds: float) -> None:
        """Kill a process that saves the index for the first time, `seconds` after it begins to."""
        Home(self.home).snapshot.unlink(missing_ok=True)
        self.kill_rebuild(seconds, self._is_saving)

    def kill_rebuild(self, seconds: float, begun: Callable[[], bool] = lambda: True) -> None:
        """Kill a process that rebuilds the index, `seconds` after `begun`."""
        process = subprocess.Popen(rebuilding_command(Home(self.home)), env=environment(), text=True)
        until(lambda: process.poll() is not None or begun())
        self._kill(process, seconds)
        self.check()

    def rebuild(self) -> float:
        """Rebuild the index; returns the seconds that took."""
        began = time.monotonic()
        subprocess.run(rebuilding_command(Home(self.home)), env=environment(), check=True)
        return time.monotonic() - began

    def kill_upload(self, moment: Moment) -> None:
        """Kill a server while it receives or imports a file, start it again, and import the file to its end."""
        file = self.home.parent / f"{self.home.name}.csv"
        rows = write_contacts(file, _UPLOAD_BYTES)
        self._uploads += 1  # contacts that no upload had before: other emails, ids and profiles
        mark = f"u{self._uploads}-"
        file.write_text(file.read_text().replace(",p", f",{mark}p").replace("/in/", f"/in/{mark}"))
        before = self.counts()[1]
        if moment == "receiving":
            self._kill_receiving(file)
            new = 0
        else:
            new = self._kill_importing(file, rows, moment)
        server = self.server()
        until(lambda: not [path for path in (self.home / "uploads").glob("*/file/*") if path.is_file()])
        again = server.follow(server.upload(file)["id"])
        assert (again["status"], again["changes"]["new"]) == ("done", rows - new)
        expected = self.counts()[1]
        assert expected == before + rows + (moment != "receiving")
        assert server.total(expected) == expected

    def server(self) -> Server:
        """The running server."""
        if self._server is None or self._server.process.poll() is not None:
            self._server = Server(self.home)
        return self._server

    def close(self) -> None:
        if self._server is not None and self._server.process.poll() is None:
            self._server.stop()

    def undoable(self, after: int) -> list[int]:
        """The imports with a higher id, newest first, that changed something."""
        with self.store() as store:
            return [record.id for record in store.imports() if record.id > after and record.status != "undone"]

    def kill_undo(self, ids: list[int], seconds: float) -> None:
        """Kill an undo some time after its first change, if it does not end before."""
        before = self.counts()
        process = start(self.home, "undo", *ids)
        until(lambda: process.poll() is not None or self.counts() != before)
        self._kill(process, seconds)

    def undo(self, ids: list[int]) -> None:
        """Undo imports to the end. Those that are undone already are left out."""
        left = [id for id in ids if id in self.undoable(0)]
        if left:
            run_here(self.home, "undo", *left)

    def _kill(self, process: subprocess.Popen[str], seconds: float | None = None) -> None:
        time.sleep(self._rng.uniform(0, _DELAY_SECONDS) if seconds is None else seconds)
        process.kill()
        process.communicate()

    def _check_shown(self) -> None:
        """The last import is not shown as one that runs."""
        last = json.loads(run_here(self.home, "imports", "--json"))[0]
        assert last["status"] == "done" or last["interrupted"], last

    def _is_saving(self) -> bool:
        return any(Home(self.home).snapshot.parent.glob("*.new"))

    def _kill_receiving(self, file: Path) -> None:
        server, imports = self.server(), self.undoable(0)

        def kill_at_half(done: int) -> None:
            if done >= file.stat().st_size // 2 and server.process.poll() is None:
                server.process.kill()

        with suppress(httpx.HTTPError):
            server.upload(file, kill_at_half)
        server.kill()
        assert self.undoable(0) == imports

    def _kill_importing(self, file: Path, rows: int, moment: Moment) -> int:
        """Kill while the upload is imported; returns how many of its contacts are stored."""
        before = self.counts()[1]
        server = self.server()
        id = server.upload(file)["id"]
        target = self._rng.randrange(0, rows * 3 // 4)
        told = server.follow(id, lambda state: state["changes"].get("new", 0) >= target)
        key = f"acknowledged-{id}"
        body = {"records": [{"id": key, "full_name": "Ann Archer", "email": f"{key}@people.example"}]}
        server.client.post("/v1/contacts/upsert", json=body).raise_for_status()
        time.sleep(self._rng.uniform(0, _DELAY_SECONDS))
        processes = family(server.process.pid)[1:]
        server.kill()
        if moment == "everything":
            for pid in processes:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        with self.store() as store:
            if moment == "server":  # the import goes on by itself
                until(lambda: store.find_import(id).status != "running", 2 * PATIENCE)
            record = store.find_import(id)
        new = record.changes.get("new", 0)
        assert told["changes"].get("new", 0) <= new
        assert new % BATCH == 0 or new == rows, f"part of a batch: {new}"
        assert moment == "everything" or (record.status, new) == ("done", rows)
        assert self.counts()[1] == before + new + 1, "the contact whose upsert was acknowledged is lost"
        shown = self.server().get(f"/v1/imports/{id}")
        assert shown["interrupted"] == (record.status == "running"), shown
        return new
