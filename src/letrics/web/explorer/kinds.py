"""The kind of record a page of the explorer is about, by its path."""

from __future__ import annotations

from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request

from letrics.records import KINDS, Kind


def kind_of(request: Request) -> Kind:
    """Raises HTTPException 404 where there is no such kind."""
    kind = request.path_params["kind"]
    if kind not in KINDS:
        raise HTTPException(404, "There is no such page: see /explore/contacts and /explore/companies")
    return cast("Kind", kind)
