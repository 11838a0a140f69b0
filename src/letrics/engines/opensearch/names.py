"""Names of the indexes and aliases of one installation on a cluster."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final, Literal

from letrics.fields import fingerprint

Part = Literal["contacts", "companies", "dictionary"]
PARTS: Final[tuple[Part, ...]] = ("contacts", "companies", "dictionary")
"""The indexes that belong together: the records of each kind, and the dictionary of their values."""

MAPPING_VERSION: Final = 1
"""Version of the mapping and of the documents. Indexes of another version are not used."""


def index_fingerprint() -> str:
    """A hash of what an index depends on: the facts, the rules of their keys, and the version of the mapping."""
    return hashlib.blake2b(f"{fingerprint()}:{MAPPING_VERSION}".encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class IndexNames:
    """The names that begin with `prefix`.

    The fingerprint is part of all of them, so that two versions of the program can search at the same time while hosts
    are upgraded one after the other.
    """

    prefix: str
    fingerprint: str = field(default_factory=index_fingerprint)

    def alias(self, part: Part) -> str:
        """The alias that searches use."""
        return f"{self.prefix}-{part}-{self.fingerprint}"

    def index(self, part: Part, build: str) -> str:
        """The index of one build. `build` consists of lower-case letters and digits."""
        return f"{self.alias(part)}-{build}"
