"""The changes of names by a batch, found by putting its rows once more."""

from __future__ import annotations

from collections.abc import Sequence

from letrics.identity.patches import CompanyPatch, ContactPatch, Tally
from letrics.records import Kind
from letrics.store.name_changes import EXAMPLES, Judge, NameChange, NameChanges
from tests.property.reading import folded
from tests.store.model import Model


def judge_names(
    kinds: Sequence[Kind], before: Model, after: Model, rows: Sequence[CompanyPatch | ContactPatch], judge: Judge | None
) -> None:
    """Judge the changes of names of these kinds between two models. `rows` led from the one to the other."""
    if judge is None:
        return
    model = before.copy()
    matched: dict[Kind, set[int | None]] = {"contacts": set(), "companies": set()}
    for row in rows:
        if isinstance(row, CompanyPatch):
            matched["companies"].add(model.put_company(row, "")[1].num)
        else:
            matched["contacts"].add(model.put_contact(row, "", Tally())[1].num)
            matched["companies"].add(model.named(row))
    for kind in kinds:
        old, new = _names(before, kind), _names(after, kind)
        found = matched[kind] & old.keys()
        changes = [
            NameChange(name, new[num])
            for num, name in sorted(old.items())
            if num in found and name and folded(name) != folded(new[num] or "")
        ]
        judge(NameChanges(kind, len(found), len(changes), tuple(changes[:EXAMPLES])))


def _names(model: Model, kind: Kind) -> dict[int, str | None]:
    if kind == "companies":
        return {num: company.name for num, company in model.company_records().items()}
    return {num: contact.full_name for num, (_, contact) in model.contact_records().items()}
