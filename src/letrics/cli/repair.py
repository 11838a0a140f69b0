"""`letrics check --repair`: makes a backup, then repairs the tables and the index."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import click
import msgspec

from letrics.cli.exit_codes import ENVIRONMENT, INTERRUPTED, USAGE, Failed

if TYPE_CHECKING:
    from letrics.cli.context import CliSession
    from letrics.store.base import Store


@runtime_checkable
class Repairable(Protocol):
    """A store that can be repaired."""

    def repair(self, set_aside: Callable[[str, int, bytes, str], None]) -> list[str]:
        """Repair what can be repaired; returns what was done. `set_aside` takes each damaged document."""
        ...


def repair_home(session: CliSession, store: Store, yes: bool) -> None:
    """Repair a store and rebuild its index, after a backup and a confirmation. Raises Failed."""
    if not isinstance(store, Repairable):
        raise Failed("records cannot be repaired in this database", USAGE)
    if not yes and not sys.stdin.isatty():  # before a backup is made, which would stay
        raise Failed("nothing was repaired: not a terminal, pass --yes to confirm", USAGE)
    backup = _back_up(session)
    session.say(f"the state before the repair is in {backup}")
    if not yes and not click.confirm("repair now?", err=True):
        raise Failed("nothing was repaired", INTERRUPTED)
    aside = _SetAside(backup.with_suffix(".jsonl"))
    done = store.repair(aside.add)
    for words in done or ["nothing had to be repaired in the database: that backup is removed"]:
        session.say(words)
    if not done:
        shutil.rmtree(backup)
    if aside.count:
        session.say(f"damaged documents are in {aside.path}: {aside.count:,}")
    session.say("building the index again")
    session.home.snapshot.unlink(missing_ok=True)
    session.backends().engine.rebuild(store)
    if session.backends().is_engine_local:
        session.say("restart servers that are running: their index is the former one")


def _back_up(session: CliSession) -> Path:
    from letrics.backends.backup.making import make_backup
    from letrics.cli.progress import Meter
    from letrics.store.base import StoreAway
    from letrics.store.copying.copier import CannotCopy

    try:
        with Meter(session.console) as meter:
            directory = session.home.path / "before-repair"
            return make_backup(session.home, session.backends(), directory, meter.of_copy).path
    except (StoreAway, CannotCopy) as error:
        raise Failed(f"nothing was repaired, because no backup could be made: {error}", ENVIRONMENT) from None


class _SetAside:
    """Writes damaged documents to a file that only its owner can read, as JSON Lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0

    def add(self, kind: str, num: int, document: bytes, done: str) -> None:
        """Add one document, with what was done with its record."""
        line = {"kind": kind, "num": num, "done": done, "document": document.decode("utf-8", "backslashreplace")}
        mode = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        with os.fdopen(os.open(self.path, mode, 0o600), "ab") as file:
            file.write(msgspec.json.encode(line) + b"\n")
        self.count += 1
