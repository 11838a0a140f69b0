"""The order in which nodes are tried."""

from __future__ import annotations

from letrics.engines.opensearch.node_list import NodeList


def test_nodes_take_turns_as_the_first() -> None:
    nodes = NodeList(["a", "b", "c"], avoid=5)
    assert sorted(nodes.in_order()[0] for _ in range(3)) == ["a", "b", "c"]
    assert sorted(nodes.in_order()) == ["a", "b", "c"]


def test_failed_node_comes_last_for_a_while() -> None:
    now = 0.0
    nodes = NodeList(["a", "b", "c"], avoid=5, clock=lambda: now)
    nodes.failed("b")
    assert {nodes.in_order()[2] for _ in range(6)} == {"b"}
    now = 6
    assert {nodes.in_order()[0] for _ in range(6)} == {"a", "b", "c"}


def test_failed_node_that_worked_takes_turns_again() -> None:
    nodes = NodeList(["a", "b"], avoid=5)
    nodes.failed("b")
    nodes.worked("b")
    assert {nodes.in_order()[0] for _ in range(4)} == {"a", "b"}
