"""One reading of a home's log into Parquet files, from which every peer is loaded.

Facts are taken and folded by the program's own catalogue, so that only the searching differs between peers:

- companies.parquet: a row a company: `num`, `domain`, a list of vocabulary ids for each fact of several values, flags,
  numbers, and times in milliseconds since 1970 (UTC);
- contacts.parquet: a row a contact in order of `num`: `company` (a num), `title` (an id or null), `department` and
  `seniority` (vocabulary ids or null), flags, and the contact's own times;
- titles.parquet: the distinct folded job titles (`id`, `folded`);
- vocabulary.parquet: the keys of all other facts (`id`, `fact`, `key`), ids unique over all facts.

By itself: `PYTHONPATH=src:. python -m benchmarks.peers.extract --home HOME --out DIR`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.peers.base import FACTS_USED
from letrics import fields
from letrics.backends import open_backends
from letrics.fields import FACTS, Fact
from letrics.records import decode_company, decode_contact
from letrics.settings import Home, Settings
from letrics.store.base import Changes

PART: Final = 20_000
AHEAD: Final = 4
ROW_GROUP: Final = 500_000
COMPANY: Final = [fact for fact in FACTS if fact.owner == "company" and fact.name in FACTS_USED]
CONTACT: Final = [fact for fact in FACTS if fact.owner == "contact" and fact.name in FACTS_USED]


@dataclass(frozen=True, slots=True)
class Coded:
    """Values of a part: its distinct keys, the code of each value (-1: none), and of lists how many each record has."""

    keys: list[str]
    codes: np.ndarray[Any, Any]
    counts: np.ndarray[Any, Any] | None = None


Column = Any
"""Coded, or an array of pyarrow, whose types are not known here."""


def column(fact: Fact) -> str:
    """The name of a fact's column: `added` of `company.added`, `title` of the job title."""
    return "title" if fact is fields.JOB_TITLE else fact.name.partition(".")[2]


def extract(home: Path, out: Path, processes: int = 2) -> float:
    """Write the files of the log of `home` to `out`; returns the seconds it took."""
    started = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    store = open_backends(Home(home), Settings()).store.open()
    companies, contacts = _Writer(out / "companies.parquet"), _Writer(out / "contacts.parquet")
    words = _Words()
    with ProcessPoolExecutor(processes) as pool:
        for part, columns in _in_order(pool, store.scan(PART)):
            writer, facts = (companies, COMPANY) if part.company_nums else (contacts, CONTACT)
            by_name = {
                column(fact): words.known(fact, columns.pop(column(fact))) for fact in facts if fact.kind != "keys"
            }
            writer.add({**columns, **by_name})
    store.close()
    companies.close()
    contacts.close()
    words.write(out)
    return time.monotonic() - started


def _in_order(pool: ProcessPoolExecutor, parts: Iterable[Changes]) -> Iterator[tuple[Changes, dict[str, Column]]]:
    """Every part with its columns, read in other processes; a few parts are under way at a time."""
    under_way: deque[tuple[Changes, Future[dict[str, Column]]]] = deque()
    for part in parts:
        read = read_companies if part.company_nums else read_contacts
        under_way.append((part, pool.submit(read, part)))
        if len(under_way) > AHEAD:
            done, future = under_way.popleft()
            yield done, future.result()
    for done, future in under_way:
        yield done, future.result()


def read_companies(part: Changes) -> dict[str, Column]:
    records = [decode_company(document) for document in part.company_documents]
    columns: dict[str, Column] = {
        "num": pa.array(part.company_nums, pa.int32()),
        "domain": pa.array([record.domain for record in records]),
    }
    return columns | {column(fact): _column(fact, records) for fact in COMPANY if fact.kind != "keys"}


def read_contacts(part: Changes) -> dict[str, Column]:
    records = [decode_contact(document) for document in part.contact_documents]
    columns: dict[str, Column] = {
        "num": pa.array(part.contact_nums, pa.int32()),
        "company": pa.array(part.contact_companies, pa.int32()),
    }
    return columns | {column(fact): _column(fact, records) for fact in CONTACT}


def _column(fact: Fact, records: Sequence[Any]) -> Column:
    found = [fact.of(record) for record in records]
    if fact.kind == "flag":
        return pa.array(found, pa.bool_())
    if fact.kind == "number":
        return pa.array(found, pa.int32())
    if fact.kind == "time":  # one form, `2026-01-31T09:30:00.000Z`, which numpy reads but for the Z
        moments = np.array(found, "U24").astype("U23").astype("datetime64[ms]").astype(np.int64)
        return pa.array(moments)
    if fact.kind == "text":
        return _coded([(text,) for text in found], fact.key, single=True)
    return _coded(found, fact.key, single=fact.owner == "contact")


def _coded(found: Sequence[Iterable[str | None]], key: Callable[[str], str], single: bool) -> Coded:
    """`single` values, at most one a record (a contact has one department and one seniority), have no counts."""
    codes: dict[str, int] = {}
    of_text: dict[str | None, int] = {None: -1}
    flat: list[int] = []
    counts: list[int] = []
    for texts in found:
        seen = set()
        for text in texts:
            code = of_text.get(text)
            if code is None:
                assert text is not None
                code = of_text[text] = codes.setdefault(key(text), len(codes))
            seen.add(code)
        if single:
            flat.append(seen.pop() if seen else -1)
            assert not seen
        else:
            flat += seen
            counts.append(len(seen))
    return Coded(list(codes), np.array(flat, np.int32), None if single else np.array(counts, np.int32))


class _Words:
    """Ids of all keys seen; titles are numbered by themselves."""

    def __init__(self) -> None:
        self._titles: dict[str, int] = {}
        self._facts: dict[str, dict[str, int]] = {}
        self._next = 0

    def known(self, fact: Fact, values: Column) -> pa.Array:
        """The column with ids in place of the codes of its part."""
        if not isinstance(values, Coded):
            return values
        if fact is fields.JOB_TITLE:
            ids = [self._titles.setdefault(key, len(self._titles)) for key in values.keys]
        else:
            ids = [self._id(fact, key) for key in values.keys]
        flat = np.array([*ids, -1], np.int32)[values.codes]
        if values.counts is None:
            return pa.array(flat, mask=flat < 0)
        offsets = np.concatenate([np.zeros(1, np.int32), np.cumsum(values.counts, dtype=np.int32)])
        return pa.ListArray.from_arrays(pa.array(offsets), pa.array(flat))

    def _id(self, fact: Fact, key: str) -> int:
        known = self._facts.setdefault(fact.name, {})
        if key not in known:
            known[key] = self._next
            self._next += 1
        return known[key]

    def write(self, out: Path) -> None:
        rows = [(id_, fact, key) for fact, keys in self._facts.items() for key, id_ in keys.items()]
        ids, facts, keys = zip(*rows, strict=True) if rows else ((), (), ())
        texts = pa.string()
        _write(out / "titles.parquet", {
            "id": pa.array(self._titles.values(), pa.int32()), "folded": pa.array(self._titles, texts),
        })  # fmt: skip
        _write(out / "vocabulary.parquet", {
            "id": pa.array(ids, pa.int32()), "fact": pa.array(facts, texts), "key": pa.array(keys, texts),
        })  # fmt: skip


def _write(path: Path, columns: dict[str, pa.Array]) -> None:
    pq.write_table(pa.table(columns), path, compression="zstd")


class _Writer:
    """A Parquet file of large row groups, opened with the first part."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []

    def add(self, columns: dict[str, Column]) -> None:
        self._waiting.append(pa.table(columns))
        if sum(table.num_rows for table in self._waiting) >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            table = pa.concat_tables(self._waiting)
            self._file = self._file or pq.ParquetWriter(self._path, table.schema, compression="zstd")
            self._file.write_table(table)
            self._waiting.clear()

    def close(self) -> None:
        self._flush()
        if self._file is not None:
            self._file.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    print(f"{extract(given.home, given.out):.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
