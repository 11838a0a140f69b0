"""Erases deleted contacts from the files of a home directory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from letrics.identity.mentions import Mentions
from letrics.ingest.erasing import erase_uploads

if TYPE_CHECKING:
    from letrics.api.stored_requests import StoredRequests


def erase_from_files(directory: Path, open_requests: Callable[[], StoredRequests], people: Mentions) -> None:
    """Erase contacts from the uploads, and from the responses stored for an Idempotency-Key."""
    erase_uploads(directory / "uploads", people)
    requests = open_requests()
    try:
        requests.erase(people)
    finally:
        requests.close()
