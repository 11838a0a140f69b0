"""A row that names two stored companies, one by its domain and one without a domain: they are one company."""

from __future__ import annotations


class CompanyJoin(Exception):
    """The row at `place` of a batch names the company `kept` by its domain, and by its LinkedIn page or its id the
    company `gone`, which has no domain.

    Nothing of the batch was written. The caller writes the rows before `place`, merges the companies, and continues
    with the row.
    """

    def __init__(self, place: int, kept: int, gone: int) -> None:
        self.place = place
        self.kept = kept
        self.gone = gone
        super().__init__(f"companies {kept} and {gone} are one")
