"""Rows of a file of contacts that identify a company and no person: their company is imported."""

from __future__ import annotations

from msgspec import UNSET

from letrics.identity.companies import NamedCompany
from letrics.identity.patches import CompanyPatch
from letrics.ingest.rows import RowProblem

LEFT_OUT = "is left out: the row names no person"
"""The warning about a value of the contact in such a row."""


class NoPerson(RowProblem):
    """A row of a file of contacts that identifies no person. `company` is the company that it identifies, if any.

    It is a problem where the row must be a contact. An import of a file stores the company.
    """

    def __init__(self, problem: RowProblem, company: NamedCompany) -> None:
        super().__init__(problem.field, problem.reason)
        self.company = company

    def company_patch(self) -> CompanyPatch:
        """Return the patch of the company. Raises RowProblem if the row identifies none."""
        company = self.company
        if company is None or company is UNSET:
            raise self.again()
        return CompanyPatch(domain=company) if isinstance(company, str) else company
