"""A warning in the program's log about a stored document that cannot be decoded."""

from __future__ import annotations

import logging
from typing import Final

_log: Final = logging.getLogger("letrics.store")


def log_malformed(kind: str, num: int, error: BaseException) -> None:
    """Log a warning about a record whose document cannot be decoded.

    The warning has only the type of the error, because the error's message could contain personal data.
    """
    _log.warning("the document of %s num %d is malformed (%s): run `letrics check`", kind, num, type(error).__name__)
