"""Costs: every threshold of the bitmap engine that was chosen by measurement, in one place.

Constants elsewhere in the engine are formats, data structure layouts and limits that users see. Tests pass other
values, so that small data takes the paths of large data. Times are nanoseconds on the machine of benchmarks/NOTES.md,
which also says what each of these brought; only their ratios matter.
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
    a range, and the texts whose records are collected for a phrase without looking at its words."""

    # --- structures

    large_segment_records: int = 500_000
    """Minimum records of a segment that has bitset rows and n-gram bitmaps, is built by two threads, and is no longer
    merged with smaller segments."""
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
    """Numbers processed between two yields, in 1 to 2 ms. A step has 1/16 as many texts, or 1/256 as many
    documents."""
    records_per_batch: int = 32_768
    """Records read from the log at a time. Their documents are in memory."""
    max_cached_entries: int = 10_000
    """Maximum entries of each cache of lookups. The size of the bitmap cache is a setting."""

    @property
    def bytes_per_block(self) -> int:
        """Bytes of each bitset row that are combined at a time, so that they stay in the processor's cache."""
        return 2 * self.nums_per_step

    @property
    def texts_per_step(self) -> int:
        """Texts, or other Python objects, processed between two yields."""
        return max(1, self.nums_per_step // 16)

    @property
    def documents_per_step(self) -> int:
        """Documents decoded between two yields."""
        return max(1, self.nums_per_step // 256)


DEFAULT_COSTS = Costs()
"""The measured values."""
