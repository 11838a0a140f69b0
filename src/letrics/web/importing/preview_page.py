"""The page of an uploaded file: what each of its columns becomes, what its import would do, and the button to start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.sessions import Session
from letrics.web.explorer.display import DisplayValue, name_of, parts
from letrics.web.explorer.words import label
from letrics.web.importing.api_reply import ApiReply, ask_api
from letrics.web.importing.mapping_form import MAX_SELECTS, MappingForm, field_groups, shown_columns
from letrics.web.importing.page_words import page_words, suggested_encoding
from letrics.web.page import editor_only, form, page, redirect

_LEFT_OUT: Final = frozenset({"first_seen_at", "added_at", "updated_at", "tld"})
"""Fields that the import sets by itself: the time of the import, and a part of the domain."""

ShownRecord = tuple[str, list[tuple[str, list[DisplayValue]]]]
"""The name of a record, and its fields with their values."""


@editor_only
async def preview(request: Request, session: Session) -> Response:
    """Show the preview with the choices of the form. `action=start` starts the import with them."""
    sent, upload = form(request), str(request.path_params["upload"])
    chosen = MappingForm.of(sent)
    if sent.get("action") == "start":
        reply = await ask_api(request, session, "POST", f"/v1/imports?{chosen.query(upload)}")
        if reply.problem is None:
            return redirect(f"/import/{reply.data['id']}")
        return await _page(request, session, chosen, reply)
    return await _page(request, session, chosen)


async def _page(request: Request, session: Session, chosen: MappingForm, refused: ApiReply | None = None) -> Response:
    upload = str(request.path_params["upload"])
    reply = await ask_api(request, session, "POST", f"/v1/imports?{chosen.query(upload, preview='true')}")
    found: Mapping[str, Any] | None = reply.data
    problems = [refused.problem if refused else None, reply.problem, found["problem"] if found else None]
    problem = next((text for text in problems if text), None)
    columns = shown_columns(found["columns"], chosen.choices) if found else []
    return page(
        request,
        "import/preview.html",
        400 if refused is not None else 200,
        upload=upload,
        found=found,
        chosen=chosen,
        encoding=chosen.options["encoding"] or suggested_encoding(problem or ""),
        problem=page_words(problem) if problem else None,
        name_changes=found.get("name_changes", []) if found else [],
        columns=columns[:MAX_SELECTS],
        further=[column.name for column in columns[MAX_SELECTS:]],
        used=sum(column.field is not None for column in columns),
        groups=field_groups(found["kind"], found["fields"]) if found else [],
        records=[_record(record) for record in found["records"]] if found else [],
    )


def _record(record: Mapping[str, Any]) -> ShownRecord:
    """The fields of a record that have values, those of the company last."""
    own = {name: value for name, value in record.items() if name != "company" and name not in _LEFT_OUT}
    company = {
        f"company.{name}": value for name, value in (record.get("company") or {}).items() if name not in _LEFT_OUT
    }
    shown = [(label(name), parts(value)) for name, value in (own | company).items()]
    return name_of(record), [(words, values) for words, values in shown if values]


def routes() -> list[BaseRoute]:
    return [Route("/import/uploads/{upload}", preview, methods=["GET", "POST"])]
