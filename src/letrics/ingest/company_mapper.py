"""Mapping of rows of companies to patches. A row is rejected if nothing in it identifies a company."""

from __future__ import annotations

from typing import Any, Final

from letrics.identity.patches import CompanyPatch
from letrics.ingest.cell_rules import DEFAULT_RULES, CellRules
from letrics.ingest.column_mapping import ColumnMapping
from letrics.ingest.nested_companies import columns_of_other_companies
from letrics.ingest.row_mapper import Mapper
from letrics.ingest.rows import Members

_OTHER_COMPANY: Final = "is left out: it describes another company than the row"
"""The warning about an object of a company with another domain or name."""


class CompanyMapper(Mapper[CompanyPatch]):
    """Mapper of company rows. `prefix` is added before field names in problems."""

    kind = "companies"

    def __init__(self, cells: bool = False, rules: CellRules = DEFAULT_RULES, prefix: str = "") -> None:
        super().__init__(cells, rules)
        self.prefix = prefix
        self._has_objects = False

    def read(self, members: Members) -> CompanyPatch:
        self.warnings.clear()
        own: dict[str, Any] = {}
        nested = members.get("company")
        if type(nested) is dict:  # the record itself, in a response with one object
            members = members | {f"company.{name}": value for name, value in nested.items()}
        if self._has_objects or type(nested) is dict:
            members = self._without_others(members)
        self._gather(members, own, own)
        return CompanyPatch(**self._finish(own, False, self.prefix))

    def use(self, mapping: ColumnMapping) -> None:
        super().use(mapping)
        self._has_objects = any("." in name for name in mapping.used_names)

    def _without_others(self, members: Members) -> Members:
        """Leave out the objects of other companies. Raises RowProblem if the rules are strict."""
        others = columns_of_other_companies(members)
        for name, columns in others.items():
            self._warn(name, _OTHER_COMPANY)
            members = {column: value for column, value in members.items() if column not in columns}
        return members
