"""The words of vocabulary.toml, and names of technologies composed from them."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path
from typing import Any, Final

WORDS: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())
"""Lists of words by name, and the tables of `languages`."""


def technologies(count: int) -> list[str]:
    """`count` names of technologies, the most common first."""
    made = [head + tail for tail in WORDS["tech_tails"] for head in WORDS["tech_heads"]]
    random.Random(4).shuffle(made)
    return [*WORDS["technologies"], *made][:count]
