"""The nodes of a cluster in the order in which a request tries them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence


class NodeList:
    """Distributes requests over `nodes`. One that failed comes last for `avoid` seconds."""

    def __init__(self, nodes: Sequence[str], avoid: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._nodes = tuple(nodes)
        self._avoid = avoid
        self._clock = clock
        self._next = 0
        self._failed: dict[str, float] = {}

    def in_order(self) -> list[str]:
        """All nodes, each time from another first one."""
        self._next = (self._next + 1) % len(self._nodes)
        turned = self._nodes[self._next :] + self._nodes[: self._next]
        now = self._clock()
        return sorted(turned, key=lambda node: self._failed.get(node, float("-inf")) + self._avoid > now)

    def failed(self, node: str) -> None:
        """Note that a request to this node failed."""
        self._failed[node] = self._clock()

    def worked(self, node: str) -> None:
        """Note that a request to this node succeeded."""
        self._failed.pop(node, None)
