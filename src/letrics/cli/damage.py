"""Whether the database is damaged, after an error that this program does not expect of a sound one."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from letrics.store.base import StoreCorrupt, StoreDamaged

if TYPE_CHECKING:
    from letrics.cli.context import CliSession


def find_damage(session: CliSession) -> str | None:
    """The first fault of the records or accounts, None if there is none or it cannot be found out."""
    backends = None
    with suppress(Exception):  # the settings may be what is wrong
        backends = session.backends()
    if backends is None:
        return None
    try:
        faults = list[str]()
        if backends.store.exists():
            with backends.store.open() as store:
                faults = list(store.integrity())
        if not faults and backends.accounts.exists():
            with backends.accounts.open() as accounts:
                faults = accounts.faults()
    except (StoreCorrupt, StoreDamaged) as error:
        return str(error)
    except Exception:  # such as a locked database: the error that ended the command says more
        return None
    return faults[0] if faults else None
