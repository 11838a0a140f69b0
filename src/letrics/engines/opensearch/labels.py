"""Labels: how values are shown, from the dictionary of the cluster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from letrics.engines.opensearch.dictionary import entry_id
from letrics.engines.opensearch.mapping import END
from letrics.engines.opensearch.search_client import Searches
from letrics.fields import Fact

_MAX_CACHED: Final = 200_000
"""Maximum labels that are cached."""


class Labels:
    """Returns labels and caches them: the label of a key never changes in one log."""

    def __init__(self, max_cached: int = _MAX_CACHED) -> None:
        self._max_cached = max_cached
        self._log = ""
        self._cached: dict[tuple[str, str], str] = {}

    def follow(self, log: str) -> None:
        """Forget the labels of another log."""
        if log != self._log:
            self._log, self._cached = log, {}

    async def of(self, fact: Fact, keys: Sequence[str], searches: Searches) -> list[str | None]:
        """The label of each key of a fact; None for a value that is not shown."""
        if fact.kind == "text":
            return [key.removesuffix(END) for key in keys]
        if fact.label is not None:
            return [fact.label(key) for key in keys]
        cached = self._cached
        if missing := [key for key in keys if (fact.name, key) not in cached]:
            if len(cached) + len(missing) > self._max_cached:
                cached = self._cached = {}
            found = await searches.entries([entry_id(fact, key) for key in missing])
            for key, entry in zip(missing, found, strict=True):
                if entry is not None:
                    cached[fact.name, key] = entry["label"]
        return [cached.get((fact.name, key), key) for key in keys]
