"""Patches for tests."""

from __future__ import annotations

from typing import Any

from letrics.identity.patches import ContactPatch
from letrics.records import Email


def row(id: str, company: str = "a.example", **members: Any) -> ContactPatch:
    return ContactPatch(company=company, external_id=id, **members)


ADA = ContactPatch(
    company="a.example", external_id="1", full_name="Ada", job_title="Engineer",
    emails=(Email("ada@a.example", "personal"),), linkedin_url="https://www.linkedin.com/in/ada", phone=None,
)  # fmt: skip
