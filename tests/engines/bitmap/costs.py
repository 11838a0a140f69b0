"""Costs under which the bitmap engine takes its ways for large data in small worlds."""

from __future__ import annotations

from random import Random

from letrics.engines.bitmap.costs import Costs

SMALL = Costs(
    random_access_ns=0.0,
    sequential_access_ns=0.0,
    posting_container_ns=1.0,
    sequential_share=3,
    sparse_nums_per_container=8,
    min_bitset_rows=2,
    max_gathered_nums=4,
    large_segment_records=20,
    min_bitmap_nums=3,
    min_ngram_words=3,
    max_superseded_share=0.02,
    max_added_share=0.25,
    nums_per_step=64,
    records_per_batch=10,
    max_cached_entries=20,
)
"""Columns are free, nearly every posting is a bitmap, and structures of large segments exist from 20 records on."""


def random_costs(rng: Random) -> Costs:
    """Costs that prefer one way or another, at random, so that all combinations of ways are taken sooner or later."""
    return Costs(
        random_access_ns=rng.choice((0.0, 45.0)),
        sequential_access_ns=rng.choice((0.0, 1.5)),
        posting_container_ns=rng.choice((0.0, 1.0, 330.0, 1e9)),
        sequential_share=rng.choice((1, 3, 16, 1_000)),
        sparse_nums_per_container=rng.choice((0, 1, 8, 650)),
        min_bitset_rows=rng.choice((1, 2, 8)),
        max_gathered_nums=rng.choice((1, 4, 9, 100)),
        large_segment_records=rng.choice((1, 20, 500_000)),
        min_bitmap_nums=rng.choice((1, 3, 512)),
        min_ngram_words=rng.choice((1, 3, 200)),
        max_superseded_share=rng.choice((0.0, 0.5)),
        max_added_share=rng.choice((0.0, 0.5)),
        nums_per_step=rng.choice((64, 65_536)),
        records_per_batch=rng.choice((1, 10, 32_768)),
        max_cached_entries=rng.choice((1, 20, 10_000)),
    )
