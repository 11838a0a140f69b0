"""Bound query nodes: compared by identity, because arrays have no single truth value."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from letrics.engines.bitmap.query.nodes import AllNode, FlagNode, TermsNode


def test_nodes_of_equal_content_are_found_by_identity() -> None:
    one, other = TermsNode("a", np.array([1, 2], np.uint32)), TermsNode("a", np.array([1, 2], np.uint32))
    assert one in [other, one] and one not in [other, AllNode((one,))] and FlagNode("a") != FlagNode("a")


def test_nodes_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        FlagNode("a").fact = "b"  # type: ignore[misc]
