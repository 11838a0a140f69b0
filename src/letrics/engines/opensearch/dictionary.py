"""Dictionary entries: how the first record that had a value spelled it. Searches find similar values and completions
among them, and the labels of facets."""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from letrics.engines.opensearch.mapping import END
from letrics.fields import Fact
from letrics.normalize.text import fold

_MAX_KNOWN: Final = 2_000_000
"""Maximum entries that are remembered. All are forgotten when there are more, and then returned once more."""

Entry = tuple[str, bytes]
"""The id of a dictionary entry, and its document."""


def entry_id(fact: Fact, key: str) -> str:
    """The id of the entry of a key."""
    return hashlib.blake2b(f"{fact.name}\n{key}".encode(), digest_size=16).hexdigest()


def padded(folded: str) -> str:
    """The text whose n-grams are compared to find similar values: its beginning and its end count too."""
    return f"  {folded} "


class NewEntries:
    """Collects the entries of values that have not been seen before. The entry that is created first stays."""

    def __init__(self, max_known: int = _MAX_KNOWN) -> None:
        self._max_known = max_known
        self._known: set[tuple[str, str]] = set()
        self._new: list[Entry] = []

    def add(self, fact: Fact, key: str, text: str) -> None:
        """Add the entry of a key, which a record has as `text`, unless it has been added before."""
        if (fact.name, key) in self._known:
            return
        if len(self._known) >= self._max_known:
            self._known.clear()
        self._known.add((fact.name, key))
        label = text if fact.label is None else fact.label(key)
        if label:
            folded = key if fact.label is None else fold(label)
            entry = {"fact": fact.name, "key": key, "label": label, "text": folded + END, "padded": padded(folded)}
            self._new.append((entry_id(fact, key), msgspec.json.encode(entry)))

    def take(self) -> list[Entry]:
        """The entries added since the last call."""
        taken, self._new = self._new, []
        return taken
