"""The JSON Schemas of the query parameters of possible duplicates."""

from __future__ import annotations

from typing import Final

from letrics.api.duplicate_endpoints import DEFAULT_PAIRS, MAX_PAIRS, MAX_PAIRS_PAGE
from letrics.api.request_schemas import Schema
from letrics.store.duplicate_record import DUPLICATE_STATUSES

DUPLICATE_PARAMETERS: Final[dict[str, Schema]] = {
    "status": {
        "type": "string", "enum": list(DUPLICATE_STATUSES), "default": "open",
        "description": "Only pairs with this status. Merged pairs begin with the latest merge, others with the first "
        "that was found.",
    },
    "page": {
        "type": "integer", "minimum": 1, "maximum": MAX_PAIRS_PAGE, "default": 1, "description": "The page, from 1.",
    },
    "per_page": {
        "type": "integer", "minimum": 1, "maximum": MAX_PAIRS, "default": DEFAULT_PAIRS,
        "description": "The number of pairs on a page.",
    },
}  # fmt: skip
"""The query parameters of the list of pairs."""
