"""Headers with a remark: `Phone (work)`, `PLZ geschäftlich`, `companyName (metadata)`."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from letrics.ingest.aliases import header_key
from letrics.ingest.location_parts import LOCATION_PARTS

_LABELLED: Final = re.compile(r"([^()\[\]]+)[(\[]([^()\[\]]{1,30})[)\]]\s*")
"""Matches a header with a remark at its end."""
_AT_WORK: Final = frozenset(
    {
        "work", "business", "office", "professional", "pro", "direct", "main", "primary", "geschaftlich", "dienstlich",
        "beruflich", "arbeit", "buro", "travail", "bureau", "professionnel", "trabajo", "trabalho", "lavoro", "ufficio",
        "zakelijk", "werk",
    }
)  # fmt: skip
"""Remarks about values that are preferred."""
_ELSEWHERE: Final = frozenset(
    {
        "home", "private", "personal", "other", "mobile", "cell", "privat", "mobil", "andere", "sonstige", "domicile",
        "personnel", "perso", "prive", "casa", "particular", "pessoal", "personale", "privato", "secondary",
        "alternate",
    }
)  # fmt: skip
"""Remarks about other values."""
_FLAGS: Final = frozenset({"primary", "main", "direct", "secondary"})
"""Remarks that without brackets can be the name of a flag: `Email Primary`."""
_METADATA: Final = "metadata"
"""The remark of Stripe on columns that its users add."""
_NO_MEANING: Final = frozenset(
    {_METADATA, "custom", "customfield", "optional", "required", "text", "string", "pflichtfeld", "default", "new"}
)
"""Remarks that say nothing about the values."""
_MIN_ENDING: Final = 4
"""The minimum length of a remark without brackets, in characters."""
_LATER: Final = 3
"""What is added to the rank of a column with other values."""
_SEVERAL: Final = frozenset({"emails", "phone", *LOCATION_PARTS})
"""The fields of which a record can have several values, at work and elsewhere."""


class LabelledName(NamedTuple):
    """A header without its remark, what is added to its rank, and whether it can have any field."""

    name: str
    later: int
    of_any_field: bool

    def fits(self, field: str) -> bool:
        """Return whether the remark can be one about this field."""
        return self.of_any_field or field.removeprefix("company_") in _SEVERAL


def labelled_name(header: str) -> LabelledName | None:
    """Split a header with a remark that is known; None for any other header."""
    found = _LABELLED.fullmatch(header)
    if found is None:
        return None if "." in header else _with_ending(header_key(header))
    name, label = found[1].rstrip(), header_key(found[2])
    if label in _AT_WORK or label in _ELSEWHERE:
        return LabelledName(name, _LATER if label in _ELSEWHERE else 0, False)
    return LabelledName(name, 0, True) if label in _NO_MEANING else None


def _with_ending(key: str) -> LabelledName | None:
    """Split the key of a header such as `Phone Work`."""
    for label in (_AT_WORK | _ELSEWHERE) - _FLAGS:
        if key.endswith(label) and len(key) > len(label) >= _MIN_ENDING:
            return LabelledName(key.removesuffix(label), _LATER if label in _ELSEWHERE else 0, False)
    if key.endswith(_METADATA):
        return LabelledName(key.removesuffix(_METADATA), 0, True)
    return None
