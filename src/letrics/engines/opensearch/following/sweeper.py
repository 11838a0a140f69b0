"""Deletes indexes that are no longer searched: those of former builds, and of other versions of the program."""

from __future__ import annotations

import time
from typing import Final

from letrics.engines.opensearch.following.builds import Builds
from letrics.engines.opensearch.following.lease_keeper import lease_name
from letrics.engines.opensearch.names import IndexNames
from letrics.store.base import Store

_UPGRADE_FACTOR: Final = 10
"""How many times longer the indexes of another version stay: its servers may be restarting."""
_HOLDER: Final = "sweeper"
"""Who holds the lease of another version while its indexes are deleted."""
_LEASE_SECONDS: Final = 60.0
"""How long the indexes of another version cannot be fed while they are deleted."""


class IndexSweeper:
    """Deletes indexes `keep_seconds` after it first found that no alias refers to them.

    The process that feeds the indexes `names` uses it, so no build is in progress. Indexes of another version stay as
    long as a process feeds them.
    """

    def __init__(self, builds: Builds, names: IndexNames, keep_seconds: float) -> None:
        self._builds = builds
        self._names = names
        self._keep_seconds = keep_seconds
        self._former: list[str] = []
        self._versions: list[str] = []
        self._former_due = self._versions_due = 0.0
        self._is_current = False

    def restart(self) -> None:
        """Look for such indexes again at the next sweep: a build was published."""
        self._is_current = False

    def sweep(self, store: Store) -> None:
        """Delete what is due."""
        now = time.monotonic()
        if not self._is_current:
            self._former, self._versions = self._builds.unpublished(), self._builds.other_versions()
            self._former_due = now + self._keep_seconds
            self._versions_due = now + self._keep_seconds * _UPGRADE_FACTOR
            self._is_current = True
        if self._former and now >= self._former_due:
            self._builds.delete(self._former)
            self._former = []
        if self._versions and now >= self._versions_due:
            self._versions = [version for version in self._versions if not self._delete_version(store, version)]
            self._versions_due = now + self._keep_seconds * _UPGRADE_FACTOR

    def _delete_version(self, store: Store, fingerprint: str) -> bool:
        """Delete the indexes of another version. Returns False if a process feeds them."""
        names = IndexNames(self._names.prefix, fingerprint)
        if not store.acquire_lease(lease_name(names), _HOLDER, _LEASE_SECONDS):
            return False
        self._builds.delete_version(fingerprint)
        store.release_lease(lease_name(names), _HOLDER)
        return True
