"""The tables of what finds companies besides their domain: LinkedIn pages, names and former ids."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Sequence, Set
from contextlib import suppress
from itertools import islice
from typing import Final

from letrics.identity.company_keys import company_key, page_key
from letrics.identity.keys import Hashes, Key, hashes_of
from letrics.identity.plan import CompanyPlan, KeyRows
from letrics.records import UNREADABLE, Company, decode_company
from letrics.store.progress_log import ProgressLog
from letrics.store.sql import SqlConnection, read_rows, read_value
from letrics.store.tables.key_table import sort_rows, whole_key

_log: Final = logging.getLogger("letrics.store.upgrade")

_PART: Final = 20_000
"""Companies whose pages are added at a time."""
_READ: Final = "SELECT k.hash, k.mark, k.num FROM carray(?) AS a CROSS JOIN company_key AS k ON k.hash = a.value"
_KEY: Final = ("hash", "mark", "num")
"""The columns of a key."""
_GIVE: Final = """
INSERT INTO company_key SELECT hash, mark, ?1 FROM company_key WHERE num = ?2 ON CONFLICT DO NOTHING
"""

CompanyStates = tuple[int, bytes, bytes]
"""The num of a company, its former document and its present one."""
PendingCompanies = Callable[[Set[int]], Sequence[CompanyStates]]
"""Returns those of the companies with these nums that the same undo will restore later."""


def read_company_keys(connection: SqlConnection, hashes: Hashes) -> Iterator[tuple[Key, int]]:
    """The stored keys with these hashes, and the nums of their companies."""
    if len(hashes):
        for hash, mark, num in connection.execute(_READ, (connection.ints(hashes),)):
            yield whole_key(connection, "company_key", hash, mark), num


def find_former_ids(connection: SqlConnection, ids: Collection[str]) -> list[tuple[str, int]]:
    """Those of the ids that are former ones, and the nums of their companies."""
    if not ids:
        return []
    sql = "SELECT f.id, f.num FROM carray(?) AS a CROSS JOIN former_company_id AS f ON f.id = a.value"
    return [(id, num) for id, num in read_rows(connection, sql, (connection.texts(sorted(ids)),))]


def write_company_keys(connection: SqlConnection, plan: CompanyPlan) -> None:
    """Apply the changes of a batch to the tables: first delete, then insert."""
    _write(connection, plan.put, plan.removed)
    connection.insert_missing("former_company_id", ("id", "num"), [(id, num) for num, id in plan.former_ids])


def _write(connection: SqlConnection, put: KeyRows, removed: KeyRows) -> None:
    if removed.keys:
        connection.delete_rows("company_key", _KEY, sort_rows(removed))
    if put.keys:
        connection.insert_missing("company_key", _KEY, sort_rows(put))


def give_company_keys(
    connection: SqlConnection, gone: int, kept: int, former_page: Key | None, page: Key | None
) -> None:  # fmt: skip
    """Give the names and former ids of a company to the one that it becomes. The page of that one is `page`.

    The page that the company had is of no company, unless it is the same.
    """
    if former_page is not None:
        _write(connection, KeyRows(), KeyRows([former_page], [gone]))
    connection.execute(_GIVE, (kept, gone))
    connection.execute("DELETE FROM company_key WHERE num = ?", (gone,))
    connection.execute("UPDATE former_company_id SET num=? WHERE num=?", (kept, gone))
    if page is not None and page not in dict(read_company_keys(connection, hashes_of([page]))):
        _write(connection, KeyRows([page], [kept]), KeyRows())


def restore_keys_of_joined(connection: SqlConnection, kept: int, num: int, keys: Sequence[Key | None]) -> None:
    """Give the company `num`, which was merged into `kept`, its keys back: `keys` are those of its page and its name.

    It had the first of them, and gets it unless a third company holds it by now. A company with a page had its name,
    too, only if it was known by the name before: then `kept` has it.
    """
    own = [key for key in keys if key is not None]
    held = dict(read_company_keys(connection, hashes_of(own)))
    free = [key for place, key in enumerate(own) if held.get(key, None if place else kept) == kept]
    _write(connection, KeyRows(free, [num] * len(free)), KeyRows(free, [kept] * len(free)))


def has_free_key(connection: SqlConnection, company: Company, kept: int) -> bool:
    """Whether a company that was merged into `kept` can have its key again. `kept` has its page from its own values,
    but its name only from the company."""
    held = dict(read_company_keys(connection, hashes_of(list(_keys(company)))))
    holders = [held[key] for key in _keys(company) if key in held]
    return not holders or (page_key(company.linkedin_url) is None and holders == [kept])


def remove_company_keys(connection: SqlConnection, nums: Sequence[int]) -> None:
    """Remove the keys and former ids of deleted companies."""
    if nums:
        for table in ("company_key", "former_company_id"):
            connection.execute(
                f"DELETE FROM {table} WHERE num IN (SELECT value FROM carray(?) AS a)",  # noqa: S608
                (connection.ints(nums),),
            )


def restore_company_keys(connection: SqlConnection, states: Sequence[CompanyStates], pending: PendingCompanies) -> None:
    """Give companies the keys of their former state, except those that another company holds.

    A key that a pending company will lose is free already, so that the result does not depend on the order of steps.
    """
    _write(connection, KeyRows(), _lost(states))
    wanted = dict[Key, int]()
    for num, old, new in _decoded(states):
        for key in _keys(old):
            wanted.setdefault(key, num)
        if old.id != new.id:
            connection.execute("DELETE FROM former_company_id WHERE id=? AND num=?", (old.id, num))
    held = dict(read_company_keys(connection, hashes_of(list(wanted))))
    lost, put, taken = _lost(pending(set(held.values()).difference(num for num, *_ in states))), KeyRows(), KeyRows()
    for key, num in zip(lost.keys, lost.nums, strict=True):
        if held.get(key) == num:
            taken.add(key, num)
            del held[key]
    for key, num in wanted.items():
        if key not in held:
            put.add(key, num)
    _write(connection, put, taken)


def _decoded(states: Sequence[CompanyStates]) -> Iterator[tuple[int, Company, Company]]:
    for num, former, present in states:
        with suppress(*UNREADABLE):
            yield num, decode_company(former), decode_company(present)


def _lost(states: Sequence[CompanyStates]) -> KeyRows:
    """The keys that the present documents have and the former ones have not."""
    rows = KeyRows()
    for num, old, new in _decoded(states):
        for key in _keys(new) - _keys(old):
            rows.add(key, num)
    return rows


def _keys(company: Company) -> set[Key]:
    page = page_key(company.linkedin_url)
    if page is not None:
        return {page}
    name = company_key(company.name) if company.domain is None else None
    return set() if name is None else {name}


def add_pages(connection: SqlConnection) -> None:
    """Add the LinkedIn pages of all companies, when a database is upgraded. A page is that of its first company."""
    rows = iter(connection.execute("SELECT num, document FROM company ORDER BY num"))
    highest: int = read_value(connection, "SELECT coalesce(max(num), 0) FROM company")
    progress = ProgressLog(_log, "upgrade: reading the LinkedIn pages of companies", highest + 1)
    pages: dict[Key, int] = {}
    while part := list(islice(rows, _PART)):
        for num, document in part:
            progress.show(num)
            if b'"linkedin_url":"' not in document:
                continue
            try:
                page = page_key(decode_company(document).linkedin_url)
            except UNREADABLE:
                continue
            if page is not None:
                pages.setdefault(page, num)
    _write(connection, KeyRows(list(pages), list(pages.values())), KeyRows())
