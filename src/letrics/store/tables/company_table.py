"""The table of companies: read by id and by num, written in order of num.

Its column `domain` has the id of each company: the domain, if it has one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from typing import Any

from letrics.identity.plan import CompanyPlan
from letrics.store.sql import SqlConnection, read_rows
from letrics.store.tables.checksums import checksums_of, checksums_of_changed
from letrics.store.tables.company_key_table import write_company_keys
from letrics.store.tables.log import Numbers


def find_companies(connection: SqlConnection, columns: str, ids: Collection[str]) -> list[tuple[Any, ...]]:
    """These columns of the companies with these ids."""
    if not ids:
        return []
    return read_rows(
        connection,
        f"SELECT {columns} FROM carray(?) AS a CROSS JOIN company ON company.domain = a.value",  # noqa: S608
        (connection.texts(sorted(ids)),),
    )


def find_companies_by_num(connection: SqlConnection, nums: Collection[int]) -> list[tuple[str, int, bytes, int | None]]:
    """The id, num, document and checksum of the companies with these nums."""
    if not nums:
        return []
    sql = "SELECT domain, num, document, checksum FROM carray(?) AS a CROSS JOIN company ON company.num = a.value"
    found = read_rows(connection, sql, (connection.ints(sorted(nums)),))
    return [(id, num, document, checksum) for id, num, document, checksum in found]


def has_company_without_domain(connection: SqlConnection) -> bool:
    """Whether there is a company without a domain. Their ids are next to each other in the index."""
    return bool(read_rows(connection, "SELECT 1 FROM company WHERE domain >= 'co_' AND domain < 'co`' LIMIT 1"))


def write_companies(
    connection: SqlConnection, numbers: Numbers, plan: CompanyPlan, damaged: Set[int] = frozenset()
) -> None:  # fmt: skip
    """Write changed companies, then new ones, assign them the next seqs of the log, and write their keys. The documents
    of `damaged` ones stay damaged."""
    changed, new = plan.changed_nums, plan.new_nums
    seqs = numbers.take_seqs(len(changed) + len(new))
    sums = checksums_of_changed(changed, plan.changed_documents, damaged)
    connection.update(
        "company",
        ("seq", "document", "checksum"),
        zip(seqs[: len(changed)], plan.changed_documents, sums, changed, strict=True),
    )
    sums = checksums_of(new, plan.new_documents)
    connection.insert(
        "company",
        ("num", "seq", "domain", "document", "checksum"),
        zip(new, seqs[len(changed) :], plan.new_ids, plan.new_documents, sums, strict=True),
    )
    connection.update("company", ("domain",), [(id, num) for num, id in plan.renamed])
    write_company_keys(connection, plan)


def company_ids(connection: SqlConnection, nums: Sequence[int]) -> dict[int, str]:
    """The ids of the companies with these nums. Nums of deleted companies are omitted."""
    if not nums:
        return {}
    return dict(
        read_rows(
            connection,
            "SELECT num, domain FROM carray(?) AS a CROSS JOIN company ON company.num = a.value",
            (connection.ints(sorted(set(nums))),),
        )
    )
