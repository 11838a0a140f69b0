"""Estimated costs of queries, by caller and shape."""

from __future__ import annotations

import pytest

from letrics.api.cost_estimates import MAX_SHAPES, CostEstimates, shape_of

ONE, OTHER = (1, 1), (2, 2)


def test_shape_has_the_size_class_of_lists() -> None:
    few, more = (shape_of("/v1/contacts", {"job_titles": ["a"] * n, "page": n}) for n in (2, 3))
    many = shape_of("/v1/contacts", {"job_titles": ["a"] * 400, "page": 1})
    assert few == more and few != many and few != shape_of("/v1/companies", {"job_titles": ["a", "b"], "page": 1})


def test_estimate_follows_the_costs_of_its_caller() -> None:
    estimates, shape = CostEstimates(), shape_of("/v1/contacts", {"page": 1})
    estimates.learn(ONE, shape, 1.0)
    assert (estimates.of(ONE, shape), estimates.of(OTHER, shape)) == (1.0, 0.0)
    for _ in range(20):
        estimates.learn(ONE, shape, 0.0)
    assert estimates.of(ONE, shape) == pytest.approx(0, abs=0.001)


def test_estimates_are_bounded_in_number() -> None:
    estimates = CostEstimates()
    shapes = [shape_of(f"/{number}", {}) for number in range(MAX_SHAPES + 1)]
    for shape in shapes:
        estimates.learn(ONE, shape, 1.0)
    assert estimates.of(ONE, shapes[0]) == 0 and estimates.of(ONE, shapes[1]) == 1
