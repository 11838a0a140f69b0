"""Merges of the segments of a load, which begin when its indexes are searched.

Merging while documents are sent takes as long as indexing them: a load of 10 million contacts was searchable after 20
minutes instead of 14.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from letrics.engines.base import EngineAway
from letrics.engines.opensearch.cluster_client import ClusterError
from letrics.engines.opensearch.following.builds import Builds
from letrics.engines.opensearch.names import IndexNames

_SECONDS: Final = 3600.0
"""How long after their start merges are expected to end."""
_PAUSE_SECONDS: Final = 30.0
"""The time between two refreshes."""


class SegmentMerges:
    """Starts the merges of a published build, and has searches use the merged segments.

    The process that feeds the indexes `names` uses it.
    """

    def __init__(self, builds: Builds, names: IndexNames, clock: Callable[[], float] = time.monotonic) -> None:
        self._builds = builds
        self._names = names
        self._clock = clock
        self._due = self._until = -math.inf

    def start(self) -> None:
        """Start the merges. If that fails, the cluster starts them after the next change."""
        with suppress(EngineAway, ClusterError):
            self._builds.start_merges()
        self._due = self._clock() + _PAUSE_SECONDS
        self._until = self._clock() + _SECONDS

    def show(self) -> None:
        """Refresh the indexes now and then while nothing changes.

        Otherwise searches use the former segments until the next change, and these stay on the disk.
        """
        if self._due <= self._clock() < self._until:
            with suppress(EngineAway, ClusterError):  # the follower notices an index that was deleted
                self._builds.refresh(self._names.alias)
            self._due = self._clock() + _PAUSE_SECONDS
