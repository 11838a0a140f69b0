"""The patches that write records, and the tally of what a batch of them did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from letrics.records import Company, ContactBody, Email, declared_fields, types_of


def _patch_fields(record: type[Company | ContactBody]) -> list[tuple[str, Any, Any]]:
    """The fields that import files have of a record, each of which may be UNSET, and `updated_at` at the end."""
    types = types_of(record)
    names = [name for name, declared in declared_fields(record).items() if declared.form is not None]
    names.sort(key=lambda name: name == "updated_at")
    return [(name, types[name] | UnsetType, UNSET) for name in names if name not in ("id", "domain")]


if TYPE_CHECKING:

    class CompanyPatch(msgspec.Struct, frozen=True, kw_only=True):
        """New values for a company, all normalised. UNSET keeps the stored value; None or () clears it.

        The fields are those of Company with an import column. At least one of `id`, `domain`, `linkedin_url` and `name`
        identifies the company. `id` is the id that the company has in an export. The store derives `tld` and the id of
        a company with a domain from the domain. It uses `updated_at` only for a new record.
        """

        id: str | None
        domain: str | None
        name: str | UnsetType | None
        linkedin_url: str | UnsetType | None
        updated_at: str | UnsetType

        def __init__(self, *, id: str | None = None, domain: str | None = None, **values: Any) -> None: ...
        def __getattr__(self, name: str) -> Any: ...

    class ContactPatch(msgspec.Struct, frozen=True, kw_only=True):
        """New values for a contact, all normalised. UNSET keeps the stored value; None or () clears it.

        `external_id` has the form in which the API returns it (`NAME:id` with a source). `company` is the registrable
        domain, or a company patch if the row has further values of the company. With `company_from_email` it is the
        domain of an email address, which a contact that has a company does not move to. The other fields are those of
        ContactBody with an import column.
        """

        company: str | CompanyPatch | UnsetType | None
        company_from_email: bool
        external_id: str | None
        first_name: str | UnsetType | None
        last_name: str | UnsetType | None
        full_name: str | UnsetType | None
        emails: tuple[Email, ...] | UnsetType
        linkedin_url: str | UnsetType | None
        updated_at: str | UnsetType

        def __init__(
            self,
            *,
            company: str | CompanyPatch | UnsetType | None = UNSET,
            company_from_email: bool = False,
            external_id: str | None = None,
            **values: Any,
        ) -> None: ...
        def __getattr__(self, name: str) -> Any: ...

else:
    CompanyPatch = msgspec.defstruct(
        "CompanyPatch",
        [("id", str | None, None), ("domain", str | None, None), *_patch_fields(Company)],
        frozen=True,
        kw_only=True,
        module=__name__,
    )
    ContactPatch = msgspec.defstruct(
        "ContactPatch",
        [
            ("company", str | CompanyPatch | UnsetType | None, UNSET),
            ("company_from_email", bool, False),
            ("external_id", str | None, None),
            *_patch_fields(ContactBody),
        ],
        frozen=True,
        kw_only=True,
        module=__name__,
    )


Effect = Literal["new", "changed", "unchanged", "forgotten"]
"""What a row did to its record. A row of a person who was forgotten is not stored."""


class RowEffect(NamedTuple):
    """The num of the record of a row, and what the row did to it."""

    num: int
    effect: Effect


@dataclass(slots=True)
class Tally:
    """The effect of a batch, as numbers of records.

    For a batch of contacts, `companies_*` counts the companies that its rows created or changed. `conflicts` counts
    keys (LinkedIn URL, email) that a row gave but that stayed with the contact that had them first. `duplicates` counts
    the pairs of contacts that the store did not know as possible duplicates before. `company_rows` counts the rows that
    identify a company and no person, and `companies_merged` the companies without a domain that were merged into the
    company with the domain of their row. `merged` counts the rows of an import that found a record which an earlier row
    of the import had found or made; it is 0 outside imports. `forgotten` counts the rows of people who were forgotten,
    which are not stored.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    companies_new: int = 0
    companies_changed: int = 0
    conflicts: int = 0
    duplicates: int = 0
    company_rows: int = 0
    companies_merged: int = 0
    merged: int = 0
    forgotten: int = 0

    @property
    def changes(self) -> int:
        """The number of records that were created or changed."""
        return self.new + self.changed + self.companies_new + self.companies_changed + self.companies_merged

    def add(self, other: Tally) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
