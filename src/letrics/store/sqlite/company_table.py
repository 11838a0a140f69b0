"""The table of companies: read by domain and by num, written in order of num."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from typing import Any

import apsw

from letrics.identity.plan import CompanyPlan
from letrics.store.connection import read_rows
from letrics.store.sqlite.log import Numbers


def find_companies(connection: apsw.Connection, columns: str, domains: Collection[str]) -> list[tuple[Any, ...]]:
    """These columns of the companies with these domains."""
    if not domains:
        return []
    return read_rows(
        connection,
        f"SELECT {columns} FROM carray(?) AS a CROSS JOIN company ON company.domain = a.value",  # noqa: S608
        (apsw.carray(tuple(sorted(domains))),),
    )


def write_companies(connection: apsw.Connection, numbers: Numbers, plan: CompanyPlan) -> None:
    """Write changed companies, then new ones, and assign them the next seqs of the log."""
    changed, new = plan.changed_nums, plan.new_nums
    seqs = numbers.take_seqs(len(changed) + len(new))
    connection.executemany(
        "UPDATE company SET seq=?, document=? WHERE num=?",
        zip(seqs[: len(changed)], plan.changed_documents, changed, strict=True),
    )
    connection.executemany(
        "INSERT INTO company VALUES (?, ?, ?, ?)",
        zip(new, seqs[len(changed) :], plan.new_domains, plan.new_documents, strict=True),
    )


def domains_of(connection: apsw.Connection, nums: Sequence[int]) -> dict[int, str]:
    """The domains of the companies with these nums. Nums of deleted companies are omitted."""
    if not nums:
        return {}
    return dict(
        read_rows(
            connection,
            "SELECT num, domain FROM carray(?) AS a CROSS JOIN company ON company.num = a.value",
            (apsw.carray(array("q", sorted(set(nums)))),),
        )
    )
