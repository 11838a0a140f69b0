"""Limits of OpenSearch that decide how a result is read, in one place so that tests can lower them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """Limits of a cluster with default settings, and sizes of requests."""

    clauses: int = 8_192
    """Maximum clauses of a query (`indices.query.bool.max_clause_count`, which a check at start demands)."""
    sorted: int = 300_000
    """Matches of a shard after which a search stops: sorting all takes 50 ns for each."""
    skipped: int = 10_000
    """Maximum matches that are skipped and returned together (`index.max_result_window`)."""
    histogram_buckets: int = 2_000
    """Buckets of the histogram of nums that finds a deeper page."""
    values: int = 65_535
    """Maximum values in one reply (`search.max_buckets`), and that each shard considers."""
    values_per_page: int = 10_000
    """Values in one reply where more than that are counted."""
    margin: int = 200
    """Values that are counted beyond those wanted: those with equal counts are sorted by their labels."""
    searches: int = 200
    """Maximum searches in one request."""
    dictionary_entries: int = 10_000
    """Maximum dictionary entries with a typed text that are considered for completion."""


DEFAULT_LIMITS: Final = SearchLimits()
