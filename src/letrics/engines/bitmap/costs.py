"""Costs: the tunable numbers of the bitmap engine, in one place.

A query chooses its way, and structures and batches their size, by these fields; a few fixed ratios of them are in the
code that uses them. Constants elsewhere are formats, data structure layouts and limits that users see. Tests pass other
values, so that small data takes the paths of large data. Times are nanoseconds on the machine of benchmarks/NOTES.md,
which says what most of these brought; only their ratios matter.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs and thresholds of queries, structures and updates."""

    # --- queries

    random_access_ns: float = 45.0
    """Time to read one element at a random position of a large array."""
    sequential_access_ns: float = 1.5
    """Time to read one element of a large array from start to end."""
    posting_container_ns: float = 330.0
    """Time to combine one container of a posting with the matches."""
    sequential_share: int = 16
    """Reading a whole array, in order, is as fast as reading one element in this many at random positions and sorting
    them."""
    sparse_nums_per_container: int = 650
    """Below this many numbers per container, reading the numbers is faster than reading the container's bits."""
    min_bitset_rows: int = 8
    """Minimum bitset rows to combine as plain bits: converting the result to a bitmap costs about ten of them."""
    max_gathered_nums: int = 8_192
    """Maximum records, or texts, that are put together one by one: what is collected from a range index at each end of
    a range, and the texts whose records are collected for a phrase without looking at its words. It is the size of the
    buckets of range indexes, so a saved index is rebuilt when it changes."""

    # --- structures

    large_segment_records: int = 500_000
    """Minimum records of a segment that has bitset rows and n-gram bitmaps, and of a log that two processes read and
    whose base two threads write. Segments of half as many are no longer merged with smaller ones."""
    min_bitmap_nums: int = 512
    """Minimum records of a posting that is stored as a bitmap and not as a slice of an array."""
    min_ngram_words: int = 200
    """Minimum words with an n-gram for the n-gram to have a separate bitmap in a large segment."""

    # --- updates

    max_superseded_share: float = 0.02
    """Maximum share of superseded records in the base before a full merge. Queries become slower with it."""
    max_added_share: float = 0.25
    """Maximum share of records newer than the base before a full merge. They cost queries next to nothing."""
    nums_per_step: int = 65_536
    """Numbers processed between two yields, in 1 to 2 ms: a step of random access has as many, one of sequential
    access eight times as many, one of texts 1/16 and one of documents 1/256 as many."""
    records_per_batch: int = 32_768
    """Records read from the log at a time, whose documents are then in memory. As many may be superseded or added
    beyond the shares above before a full merge."""
    max_cached_entries: int = 10_000
    """Maximum entries of each cache of lookups; caches of small entries have five or 200 times as many. The size of the
    bitmap cache is a setting."""

    @property
    def bytes_per_block(self) -> int:
        """Bytes of each bitset row that are combined at a time, so that they stay in the processor's cache."""
        return 2 * self.nums_per_step

    @property
    def texts_per_step(self) -> int:
        """Texts, or other Python objects, processed between two yields."""
        return max(1, self.nums_per_step // 16)

    @property
    def min_locked_merge_records(self) -> int:
        """Minimum records of a segment that is merged while no other process merges one: that takes 25 ms."""
        return max(1, self.nums_per_step // 8)

    @property
    def max_unlocked_segments(self) -> int:
        """Segments that a process has at most while another one keeps the lock for merging large ones."""
        return max(8, self.nums_per_step // 4096)

    @property
    def documents_per_step(self) -> int:
        """Documents decoded between two yields."""
        return max(1, self.nums_per_step // 256)


DEFAULT_COSTS = Costs()
"""The measured values."""
