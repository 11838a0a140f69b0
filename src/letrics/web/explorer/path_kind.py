"""The kind of record in the path of an explorer page."""

from __future__ import annotations

from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request

from letrics.records import KINDS, Kind


def kind_of(request: Request) -> Kind:
    """Return the kind of record in the path. Raises HTTPException 404 if it does not exist."""
    kind = request.path_params["kind"]
    if kind not in KINDS:
        raise HTTPException(404, "This page does not exist: see /explore/contacts and /explore/companies")
    return cast("Kind", kind)
