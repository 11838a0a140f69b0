"""Mapping of rows of companies to patches. A row is rejected if nothing in it identifies a company."""

from __future__ import annotations

from typing import Any

from letrics.identity.patches import CompanyPatch
from letrics.ingest.cell_rules import DEFAULT_RULES, CellRules
from letrics.ingest.row_mapper import Mapper
from letrics.ingest.rows import Members


class CompanyMapper(Mapper[CompanyPatch]):
    """Mapper of company rows. `prefix` is added before field names in problems."""

    kind = "companies"

    def __init__(self, cells: bool = False, rules: CellRules = DEFAULT_RULES, prefix: str = "") -> None:
        super().__init__(cells, rules)
        self.prefix = prefix

    def read(self, members: Members) -> CompanyPatch:
        self.warnings.clear()
        own: dict[str, Any] = {}
        nested = members.get("company")
        if type(nested) is dict:  # the record itself, in a response with one object
            members = members | {f"company.{name}": value for name, value in nested.items()}
        self._gather(members, own, own)
        return CompanyPatch(**self._finish(own, False, self.prefix))
