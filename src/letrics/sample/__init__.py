"""The bundled sample: real companies and invented people, for `letrics demo` and tests. README.md says what is what."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from letrics.records import Kind

_HERE: Final = Path(__file__).parent


def sample_file(kind: Kind) -> Path:
    """The sample's file of this kind of record: gzipped JSON Lines as an import reads them."""
    return _HERE / f"{kind}.jsonl.gz"
