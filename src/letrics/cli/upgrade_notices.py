"""Notices about the upgrade of a database that an earlier version wrote, for the user of a command."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

_LOG: Final = "letrics.store.upgrade"
"""The name of the log of upgrades. A server writes it to standard error by itself."""


class _Notices(logging.Handler):
    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        self._say(record.getMessage())


def show_upgrades(say: Callable[[str], None]) -> None:
    """Pass the log of upgrades to `say` from now on."""
    log = logging.getLogger(_LOG)
    log.setLevel(logging.INFO)
    log.handlers = [_Notices(say)]
