"""Copy everything of a home into another database: records, imports, and accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from letrics.accounts.account_tables import ACCOUNTS, copy_accounts, other_users
from letrics.backends.base import HomeBackends
from letrics.plurals import counted
from letrics.store.base import Counts, Store
from letrics.store.copying.comparing import Difference
from letrics.store.copying.copied_table import CopiedTable
from letrics.store.copying.copier import FOLLOWER, CannotCopy, Copied, copy_store, end_copy
from letrics.store.copying.copy_report import Report


@runtime_checkable
class CopyTarget(Protocol):
    """A database that another one can be copied into."""

    def open_copy(self) -> Store:
        """Open the database, and create it if it is missing. A copy into it may be unfinished."""
        ...


@dataclass(frozen=True, slots=True)
class CopiedHome:
    """What was copied: the log, the number of records it has, and the rows of accounts. `behind` is how many changes
    the source has had meanwhile."""

    log: Copied
    counts: Counts
    accounts: int
    differences: list[Difference]
    behind: int


@dataclass(frozen=True, slots=True)
class CopyOptions:
    """What a copy may replace and takes. Users of the target that the source does not have are only deleted with
    `replace_users`, other records only with `replace_records`. `accounts` are the tables of accounts that are copied.
    The source keeps its tombstones under the name `follower`, and releases them at the end if `ends` is true."""

    replace_users: bool = False
    replace_records: bool = False
    accounts: Sequence[CopiedTable] = ACCOUNTS
    follower: str = FOLLOWER
    ends: bool = False


OF_COPY: Final = CopyOptions()
"""The options of a copy that can be brought up to date."""


def copy_home(
    source: HomeBackends, target: HomeBackends, report: Report, options: CopyOptions = OF_COPY
) -> CopiedHome:  # fmt: skip
    """Copy the records and the accounts of `source` into the databases of `target`, which becomes an equal copy.

    The source may be in use. Raises CannotCopy, StoreAway and StoreTooNew.
    """
    if not isinstance(target.store, CopyTarget):
        raise CannotCopy("records cannot be copied into this database")
    with source.store.open() as store, target.store.open_copy() as copy:
        if not options.replace_users:
            _check_users(source, target)
        rows, differences = 0, list[Difference]()

        def copy_users() -> None:
            nonlocal rows, differences
            if source.accounts.exists():
                with source.accounts.open() as accounts, target.accounts.open_copy() as copied, copied.away:
                    rows, differences = copy_accounts(accounts.connection, copied.connection, report, options.accounts)

        done = copy_store(store, copy, report, copy_users, follower=options.follower, replace=options.replace_records)
        if options.ends:
            end_copy(store, options.follower)
        return CopiedHome(
            done, copy.counts(), rows, [*done.differences, *differences], store.position().seq - done.position.seq
        )


def _check_users(source: HomeBackends, target: HomeBackends) -> None:
    """Raise CannotCopy if the target has users that the copy would delete."""
    if not target.accounts.exists() or not source.accounts.exists():
        return
    with target.accounts.open_copy() as there, there.away, source.accounts.open() as accounts:
        others = other_users(accounts.connection, there.connection)
    if others:
        raise CannotCopy(
            f"{there.connection.database} has {counted(len(others), 'user')} that the copy would delete, for example "
            f"{others[0]}: copy into an empty database, or add --replace-users"
        )
