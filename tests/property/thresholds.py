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
        patch.setattr(executor, "_SMALL", 8)
        patch.setattr(executor, "_WIDE", 3)
        patch.setattr(executor, "_MIDDLING", 16)
        patch.setattr(executor, "LISTED", 12)
        patch.setattr(executor, "_FEW", 8)
        patch.setattr(doc_values_filter, "_JUMP", 0.0)
        patch.setattr(doc_values_filter, "_MASK", 0.0)
        patch.setattr(doc_values_filter, "_MOST", 12)
        patch.setattr(executor, "_SCATTERED", 10)
        patch.setattr(segment_writer, "_MANY_WORDS", 3)
        patch.setattr(segment_writer, "_LARGE", 20)
        patch.setattr(segment_writer, "_TWO_AT_A_TIME", 20)
        patch.setattr(searcher, "_LARGE", 5)
        patch.setattr(forward_index, "_LATE", 3)
        patch.setattr(index_writer, "_PART", 10)
        patch.setattr(join_postings, "_CHUNK", 7)
        patch.setattr(join_postings, "_SHARE", 3)
        patch.setattr(executor, "_GATHERED", 3)
        patch.setattr(range_index, "_BUCKET", 4)
        patch.setattr(range_index, "_COMPANIES", 3)
        patch.setattr(range_index, "_STEP", 2)
        patch.setattr(range_index, "_FAN", 4)
        patch.setattr(range_index, "_NARROW", 3)
        patch.setattr(range_index, "_GROUPS", 2)
        patch.setattr(text_index, "_LOOKED_AT", 2)
        patch.setattr(text_index, "_KEPT", 3_000)
        patch.setattr(postings, "DENSE", 3)
        patch.setattr(bitset_rows, "_LEAST", 20)
        patch.setattr(bitset_rows, "_THIN", 5)
        patch.setattr(bitset_rows, "_FULL", 0)
        patch.setattr(bitset_conjunction, "_FEWEST_ROWS", 2)
        yield


@contextmanager
def eager_merge() -> Iterator[None]:
    """Whatever is caught up next goes into a new base, together with all that was before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merge_policy, "_FEW", -(2**62))
        yield
