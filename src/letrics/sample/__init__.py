"""Bundled sample: real companies and invented people, for `letrics demo` and tests. README.md lists the sources."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from letrics.records import Kind

_HERE: Final = Path(__file__).parent


def sample_file(kind: Kind) -> Path:
    """Return the sample's file of a kind of record, in gzipped JSON Lines as for an import."""
    return _HERE / f"{kind}.jsonl.gz"
