"""Warnings in the program's log about stored documents that cannot be decoded, or are damaged."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

_MOST_NAMED: Final = 20
"""Maximum number of records that one warning names."""
_log: Final = logging.getLogger("letrics.store")


def log_damaged(kind: str, nums: Sequence[int]) -> None:
    """Log a warning about records whose documents can be decoded but are not the ones that were written."""
    named = ", ".join(map(str, nums[:_MOST_NAMED])) + (", …" if len(nums) > _MOST_NAMED else "")
    _log.warning("the document of %s num %s is damaged (checksum): run `letrics check`", kind, named)


def log_malformed(kind: str, num: int, error: BaseException) -> None:
    """Log a warning about a record whose document cannot be decoded.

    The warning has only the type of the error, because the error's message could contain personal data.
    """
    _log.warning("the document of %s num %d is malformed (%s): run `letrics check`", kind, num, type(error).__name__)
