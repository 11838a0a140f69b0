"""The keys of searches as the ids the extract gave them, so that no peer compares texts where numbers do."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq

from letrics.fields import Fact
from letrics.query import Term


class Vocabulary:
    """All keys of the extract, in memory: some tens of thousands."""

    def __init__(self, directory: Path) -> None:
        columns = pq.read_table(directory / "vocabulary.parquet").to_pydict()
        names = zip(columns["fact"], columns["key"], strict=True)
        self._ids: dict[tuple[str, str], int] = dict(zip(names, columns["id"], strict=True))

    def ids(self, fact: Fact, terms: Iterable[Term]) -> list[int]:
        """Ids of all keys of the terms; keys that no record has have no id."""
        found = (self._ids.get((fact.name, key)) for term in terms for key in term.keys)
        return list(dict.fromkeys(id_ for id_ in found if id_ is not None))
