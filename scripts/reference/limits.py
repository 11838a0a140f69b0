"""The limits of the API, and the request fields that are not filters."""

from __future__ import annotations

from typing import Final

from letrics.api.fair_use import HEAVY_SECONDS
from letrics.api.pools import FairUseLimits, PoolName, make_pools
from letrics.api.upsert import MAX_NAMES, MAX_RECORDS
from letrics.errors import (
    INVALID_INPUT,
    MAX_PROBLEMS,
    PAYLOAD_TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    URI_TOO_LONG,
    ErrorKind,
)
from letrics.fields import CATALOGUE, DEFAULT_PER_PAGE, MAX_NUMBER, MAX_PAGE, MAX_PER_PAGE, MAX_VALUE_LENGTH
from scripts.reference.markup import code, escape, table

USUAL_VALUES: Final = 500
"""The maximum number of values of most fields."""

PAGING: Final = (
    ("order", "string", "`oldest` or `newest` first, by the time the record was first imported. Default: `oldest`."),
    ("page", "integer", f"From 1 to {MAX_PAGE:,}. Default: 1."),
    ("per_page", "integer", f"From 1 to {MAX_PER_PAGE}. Default: {DEFAULT_PER_PAGE}."),
    ("cursor", "string", "The `meta.next_cursor` of a page. Cannot be combined with `page`."),
    ("fields", "array of strings", "The fields of the records to return, in this order, such as `full_name` or "
     "`company.domain`. Default: all."),
)  # fmt: skip
"""The request fields of a search that are not filters: name, type, description."""


def paging_table() -> str:
    """Describe the request fields that are not filters."""
    return table(["Field", "Type", "Meaning"], [[code(name), type, escape(about)] for name, type, about in PAGING])


def limits_table() -> str:
    """Describe the limits."""
    rows = [
        [escape(what), most, f"{error.code} [`{error.id}`](errors.md#{error.id})"] for what, most, error in limits()
    ]
    return table(["Limit", "Maximum", "Error"], rows)


_POOLS: Final[dict[PoolName, str]] = {
    "requests": "searches, counts and all others",
    "heavy_searches": f"searches that take more than {HEAVY_SECONDS * 1000:g} ms of processor time",
    "exports": "exports",
    "uploads": "uploads, and previews and starts of imports",
    "changes": "deletions, upserts, merges and undos",
}


def fair_use_table() -> str:
    """Describe the default limits of requests in progress."""
    pools = make_pools(FairUseLimits())
    return table(
        ["Requests", "In each server process", "Of one token or signed-in user", "Setting"],
        [
            [what, f"{pools[name].most}", f"{pools[name].share}", f"[`concurrent_{name}`](settings.md#all-settings)"]
            for name, what in _POOLS.items()
        ],
    )


def limits() -> list[tuple[str, str, ErrorKind]]:
    """Return the rows of the limits table: what is limited, the maximum, and the error above it."""
    many = [f"`{field.name}`: {field.max_values:,}" for field in CATALOGUE
            if field.is_array and field.max_values != USUAL_VALUES]  # fmt: skip
    return [
        ("Request body of a search", "1 MiB", PAYLOAD_TOO_LARGE),
        ("Request body of an upsert", "16 MiB", PAYLOAD_TOO_LARGE),
        ("Records of an upsert", f"{MAX_RECORDS:,}", INVALID_INPUT),
        ("Different field names of an upsert", f"{MAX_NAMES:,}", INVALID_INPUT),
        ("URL", "16 KiB", URI_TOO_LONG),
        ("All request headers together", "32 KiB", INVALID_INPUT),
        ("Values per field", f"{USUAL_VALUES} ({', '.join(many)})", INVALID_INPUT),
        ("Characters per value", f"{MAX_VALUE_LENGTH}", INVALID_INPUT),
        ("Records per page (`per_page`)", f"{MAX_PER_PAGE}", INVALID_INPUT),
        ("Page number", f"{MAX_PAGE:,}", INVALID_INPUT),
        ("Number fields, such as `employees_min`", f"{MAX_NUMBER:,}", INVALID_INPUT),
        ("Problems per error response", f"{MAX_PROBLEMS}", INVALID_INPUT),
        ("Content encodings of a request body", "none: send it uncompressed", UNSUPPORTED_MEDIA_TYPE),
    ]
