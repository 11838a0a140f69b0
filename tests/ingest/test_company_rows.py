"""Rows of a file of contacts that identify a company and no person."""

from __future__ import annotations

import pytest
from msgspec import UNSET, UnsetType

from letrics.identity.patches import CompanyPatch
from letrics.ingest.company_rows import NoPerson
from letrics.ingest.rows import RowProblem

PROBLEM = RowProblem("email", "is not an address")


@pytest.mark.parametrize(
    ("company", "patch"),
    [
        ("acme.example", CompanyPatch(domain="acme.example")),
        (CompanyPatch(name="Acme"), CompanyPatch(name="Acme")),
    ],
)
def test_row_without_a_person_is_the_patch_of_its_company(company: str | CompanyPatch, patch: CompanyPatch) -> None:
    assert NoPerson(PROBLEM, company).company_patch() == patch


@pytest.mark.parametrize("company", [None, UNSET])
def test_row_without_a_person_and_a_company_is_a_problem(company: UnsetType | None) -> None:
    with pytest.raises(RowProblem, match="is not an address") as problem:
        NoPerson(PROBLEM, company).company_patch()
    assert problem.value.field == "email"
