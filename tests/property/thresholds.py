"""Lower the sizes from which the bitmap engine takes its ways for large sets, so that small worlds walk them too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from letrics.engines.bitmap import searcher
from letrics.engines.bitmap.index import index_writer, merge_policy
from letrics.engines.bitmap.query import bitset_conjunction, doc_values_filter, executor
from letrics.engines.bitmap.segment import bitset_rows, join_postings, postings, range_index, segment_writer
from letrics.engines.bitmap.text import forward_index, text_index


@contextmanager
def low_thresholds() -> Iterator[None]:
    """Sets of their own from 3 records on, buckets of 4 times, ready sets for pieces of words, early re-indexing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(executor, "_SPARSE_MATCHES_PER_CONTAINER", 8)
        patch.setattr(executor, "_MIN_JOIN_TERMS", 3)
        patch.setattr(executor, "_PAIRWISE_MATCHES_PER_CONTAINER", 16)
        patch.setattr(executor, "MAX_ARRAY_CONTAINER", 12)
        patch.setattr(executor, "_MAX_COMPANY_LOOKUPS", 8)
        patch.setattr(doc_values_filter, "_COST_PER_JUMP_NS", 0.0)
        patch.setattr(doc_values_filter, "_COST_OF_MASK_PER_CONTAINER_NS", 0.0)
        patch.setattr(doc_values_filter, "_MAX_FILTERED_MATCHES", 12)
        patch.setattr(executor, "_MIN_JOIN_SCAN_CONTACTS", 10)
        patch.setattr(segment_writer, "_MIN_NGRAM_WORDS", 3)
        patch.setattr(segment_writer, "_MIN_NGRAM_RECORDS", 20)
        patch.setattr(segment_writer, "_MIN_PARALLEL_RECORDS", 20)
        patch.setattr(searcher, "_MIN_PARALLEL_TEXTS", 5)
        patch.setattr(forward_index, "_MAX_UNSETTLED_SHARE", 3)
        patch.setattr(index_writer, "_MAX_CHANGES_PER_READ", 10)
        patch.setattr(join_postings, "_PAIRS_PER_SORT", 7)
        patch.setattr(join_postings, "_MASK_SHARE", 3)
        patch.setattr(executor, "_MAX_GATHERED_POSTINGS", 3)
        patch.setattr(range_index, "_RECORD_BUCKET", 4)
        patch.setattr(range_index, "_COMPANY_BUCKET", 3)
        patch.setattr(range_index, "_BUCKETS_PER_STEP", 2)
        patch.setattr(range_index, "_BUCKETS_PER_GROUP", 4)
        patch.setattr(range_index, "_MAX_NARROW_BUCKETS", 3)
        patch.setattr(range_index, "_MAX_GROUPS", 2)
        patch.setattr(text_index, "_MAX_SCANNED_TEXTS", 2)
        patch.setattr(text_index, "_MAX_CACHED_IDS", 3_000)
        patch.setattr(postings, "MIN_DENSE_NUMS", 3)
        patch.setattr(bitset_rows, "_MIN_RECORDS", 20)
        patch.setattr(bitset_rows, "_MIN_ROW_SHARE", 5)
        patch.setattr(bitset_rows, "_MIN_NUMS_PER_CONTAINER", 0)
        patch.setattr(bitset_conjunction, "_MIN_ROWS", 2)
        yield


@contextmanager
def eager_merge() -> Iterator[None]:
    """Whatever is caught up next goes into a new base, together with all that was before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merge_policy, "_MIN_MERGE_RECORDS", -(2**62))
        yield
