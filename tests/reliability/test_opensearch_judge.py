"""Random searches in changing random worlds on OpenSearch, page by page and by cursor, against the model.

There are 2,000 with each store. `make reliability` runs these tests: they take some minutes.
"""

from __future__ import annotations

import os
import random
from functools import partial

import pytest

from tests.matrix.opensearch import opensearch
from tests.matrix.pairs import Pair
from tests.matrix.stores import STORES
from tests.property.scenario import Author
from tests.property.test_judge import judged

WORLDS = 20
ASKS = 100

pytestmark = pytest.mark.skipif("FAILOVERS" not in os.environ, reason="many indexes take minutes: make reliability")


@pytest.mark.parametrize("world", range(WORLDS))
@pytest.mark.parametrize("store", ["sqlite", "postgres"])
def test_random_worlds_on_opensearch(store: str, world: int, seed: int) -> None:
    rng = random.Random(f"{seed}:opensearch:{store}:{world}")
    shards = 1 + world % 3
    pair = Pair(f"opensearch-{store}, {shards} shards", STORES[store], partial(opensearch, shards=shards))
    judged(Author(rng, rng.choice((1, 5, 30, 100, 200, 350))).write(ASKS), seed, str(world), pair)
