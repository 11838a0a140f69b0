"""Imports of the log, for tests of pages that show them."""

from __future__ import annotations

from typing import Any

from letrics.store.import_record import ImportRecord


def ended_import(id: int, **fields: Any) -> ImportRecord:
    """The record of an upload that is done; `fields` replace its fields."""
    changes = {"new": 3, "changed": 2, "unchanged": 1, "companies_new": 1, "companies_changed": 0, "conflicts": 0,
               "duplicates": 0, "merged": 1}  # fmt: skip
    report = {
        "rows": 9, "kept": 8, "rejected": 1, "warned": 2, "read": 90, "total": 90, "seconds": 0.2,
        "first_rejects": [
            {"file": "leads.csv", "line": 7, "field": None, "reason": "it is empty", "raw": ",", "kind": "rejected"}
        ],
        "warnings": {"Mail": {"count": 2, "examples": [{"file": "leads.csv", "line": 3, "reason": "it has no @"}]}},
        "notes": ["leads.csv: 1 footer line skipped"],
    }  # fmt: skip
    given: dict[str, Any] = {
        "id": id, "kind": "contacts", "file": "leads.csv", "source": "crm", "user": "edi@people.example",
        "mapping": {"Mail": "emails", "Shoe size": None}, "status": "done", "started_at": "2026-01-05T10:00:00.000Z",
        "updated_at": "2026-01-05T10:00:02.000Z", "changes": changes, "report": report,
    }  # fmt: skip
    return ImportRecord(**(given | fields))
