"""Headers of a part of one of several addresses: `Home Zip`, `Registered City`, `address_1_state`.

The word before the part says whose address it is, and how it ranks among the others of its owner.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from letrics.ingest.aliases import aliases, header_key
from letrics.ingest.location_parts import LOCATION_PARTS
from letrics.records import Kind


class QualifiedPart(NamedTuple):
    """The field of a part of an address, and its rank."""

    field: str
    rank: int


_OF_RECORD: Final = {
    "primaryaddress": 1, "primary": 1, "mainaddress": 1, "main": 1, "mailingaddress": 1, "mailing": 1,
    "physicaladdress": 1, "physical": 1, "postaladdress": 2, "postal": 2, "addressline": 2, "address1": 1, "address": 1,
    "location": 2, "permanentaddress": 3, "permanent": 3, "deliveryaddress": 3, "delivery": 3, "shippingaddress": 3,
    "shipping": 3, "billingaddress": 2, "billing": 2, "defaultaddress": 2, "default": 2, "addressprimary": 1,
    "addressmailing": 1, "addressmail": 1, "addressbilling": 2, "addressshipping": 3, "addressother": 4,
    "otheraddress": 4, "other": 4,
}  # fmt: skip
"""Words of addresses of any record, and their ranks."""
_OF_PERSON: Final = {
    "homeaddress": 3, "home": 3, "residentialaddress": 3, "residential": 3, "residence": 3, "personaladdress": 3,
    "personal": 3, "privateaddress": 3, "private": 3, "addresshome": 3,
}  # fmt: skip
"""Words of addresses that only a person has."""
_OF_COMPANY: Final = {
    "headquarters": 1, "headquarter": 1, "hqaddress": 1, "hq": 1, "headoffice": 1, "officeaddress": 1, "office": 1,
    "workaddress": 1, "work": 1, "registeredoffice": 2, "registeredaddress": 2, "registered": 2,
    "legaladdress": 2, "legal": 2,
}  # fmt: skip
"""Words of addresses that only a company has."""
_HOMETOWN: Final = "hometown"
"""The key of the place where a person comes from, which is not an address."""


def qualified_part(kind: Kind, key: str) -> QualifiedPart | None:
    """Return the field of a part of an address after a word that says which address it is; None for other keys."""
    if key == _HOMETOWN:
        return None
    for words, prefix in (
        (_OF_RECORD, ""),
        (_OF_PERSON if kind == "contacts" else {}, ""),
        (_OF_COMPANY, "company_" if kind == "contacts" else ""),
    ):
        for word, rank in words.items():
            if key.startswith(word) and (field := _parts().get(key.removeprefix(word))) is not None:
                like_city = aliases(kind).get(f"{word.removesuffix('address')}city")
                if like_city is None:
                    return QualifiedPart(f"{prefix}{field}", rank)
                return QualifiedPart(f"{like_city.fields[0].removesuffix('city')}{field}", like_city.rank)
    return None


@cache
def _parts() -> dict[str, str]:
    """The fields of parts of an address by the keys of their headers."""
    known = {key: alias.fields[0] for key, alias in aliases("contacts").items() if len(alias.fields) == 1}
    own = {header_key(part): part for part in LOCATION_PARTS}
    return {key: field for key, field in known.items() if field in LOCATION_PARTS} | own
