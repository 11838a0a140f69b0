"""Erases deleted contacts from the files of a home directory."""

from __future__ import annotations

from pathlib import Path

from letrics.identity.mentions import Mentions
from letrics.ingest.erasing import erase_uploads


def erase_from_files(directory: Path, people: Mentions) -> None:
    """Erase contacts from the uploads, and from the responses stored for an Idempotency-Key."""
    from letrics.api.idempotency_file import IdempotencyFile  # few commands delete records

    erase_uploads(directory / "uploads", people)
    requests = IdempotencyFile(directory / "idempotency.db")
    try:
        requests.erase(people)
    finally:
        requests.close()
