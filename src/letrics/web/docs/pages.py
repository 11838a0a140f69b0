"""Routes of the documentation pages. They need no sign-in, and their samples use the address of this server."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import msgspec
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.principal import Principal
from letrics.errors import (
    INVALID_INPUT,
    MAX_PROBLEMS,
    PAYLOAD_TOO_LARGE,
    TABLE,
    UNSUPPORTED_MEDIA_TYPE,
    URI_TOO_LONG,
    ErrorKind,
)
from letrics.fields import (
    CATALOGUE,
    DEFAULT_PER_PAGE,
    MAX_NUMBER,
    MAX_PAGE,
    MAX_PER_PAGE,
    MAX_VALUE_LENGTH,
    facet_fields,
)
from letrics.records import KINDS
from letrics.web.docs import answers
from letrics.web.docs.code import literal
from letrics.web.docs.contents import CHAPTERS, PARTS, Chapter, home_of
from letrics.web.docs.meanings import COLUMNS, META, REMEDIES
from letrics.web.docs.program import program
from letrics.web.docs.requests import SAMPLES
from letrics.web.docs.samples import LANGUAGES, render
from letrics.web.docs.tables import Endpoint, endpoints, field_entries, members
from letrics.web.page import page, site, visit

_BY_SLUG: Final = {chapter.slug: chapter for chapter in CHAPTERS}
_ANONYMOUS: Final = Principal(0, 0, frozenset())
"""The caller that reads the OpenAPI document: no user and no scopes."""

PAGING: Final = (
    ("order", "string", "oldest or newest first, by the time the record was first imported. Default: oldest."),
    ("page", "integer", f"From 1 to {MAX_PAGE:,}. Default: 1."),
    ("per_page", "integer", f"From 1 to {MAX_PER_PAGE}. Default: {DEFAULT_PER_PAGE}."),
    ("cursor", "string", "The meta.next_cursor of a page. Cannot be combined with page."),
    ("fields", "array of strings", "The fields of the records to return, in this order, such as full_name or "
     "company.domain. Default: all."),
)  # fmt: skip
"""The request fields of a search that are not filters: name, type, description."""


def limits() -> list[tuple[str, str, ErrorKind]]:
    """Return the rows of the limits table: what is limited, the maximum, and the error above it."""
    many = [f"{field.name} {field.max_values:,}" for field in CATALOGUE if field.is_array and field.max_values != 500]
    return [
        ("Request body of a search", "1 MiB", PAYLOAD_TOO_LARGE),
        ("URL", "16 KiB", URI_TOO_LONG),
        ("All request headers together", "32 KiB", INVALID_INPUT),
        ("Values per field", f"500 ({', '.join(many)})", INVALID_INPUT),
        ("Characters per value", f"{MAX_VALUE_LENGTH}", INVALID_INPUT),
        ("Records per page (per_page)", f"{MAX_PER_PAGE}", INVALID_INPUT),
        ("Page number", f"{MAX_PAGE:,}", INVALID_INPUT),
        ("Number fields, such as employees_min", f"{MAX_NUMBER:,}", INVALID_INPUT),
        ("Problems per error response", f"{MAX_PROBLEMS}", INVALID_INPUT),
        ("Content encodings of a request body", "none: send it uncompressed", UNSUPPORTED_MEDIA_TYPE),
    ]


def ticks(text: str) -> Markup:
    """Convert text between backticks to `<code>` elements. Everything else is escaped."""
    parts = text.split("`")
    shown = [Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)]
    return Markup("").join(shown)


def _structure() -> dict[str, Any]:
    return {
        "example": literal(answers.search_answer()),
        "meta": list(META.items()),
        "places": members("Place"),
        "emails": members("Email"),
    }


def _errors() -> dict[str, Any]:
    return {
        "errors": TABLE,
        "remedies": REMEDIES,
        "max_problems": MAX_PROBLEMS,
        "wrong_body": literal(answers.WRONG),
        "wrong_answer": literal(answers.wrong_answer()),
    }


def _contacts() -> dict[str, Any]:
    own, company = field_entries("contacts", "contact"), field_entries("contacts", "company")
    return {"kind": "contacts", "own": own, "company": company, "record": members("Contact")}


def _companies() -> dict[str, Any]:
    return {"kind": "companies", "own": field_entries("companies"), "record": members("Company")}


def _importing() -> dict[str, Any]:
    columns = program().columns
    known = {kind: [(c.name, COLUMNS[c.name]) for c in listed if c.name in COLUMNS] for kind, listed in columns.items()}
    return {
        "company_columns": known["companies"],
        "contact_columns": known["contacts"],
        "companies_csv": answers.COMPANIES_CSV,
        "contacts_jsonl": answers.CONTACTS_JSONL,
    }


_CONTEXTS: Final[dict[str, Callable[[], dict[str, Any]]]] = {
    "structure": _structure,
    "errors": _errors,
    "contacts": _contacts,
    "companies": _companies,
    "counting": lambda: {"facetable": [(kind, [field.name for field in facet_fields(kind)]) for kind in KINDS]},
    "pagination": lambda: {"paging": PAGING},
    "locations": lambda: {"readings": answers.readings()},
    "limits": lambda: {"limits": limits()},
    "importing": _importing,
    "commands": lambda: {"program": program()},
}


async def _endpoints(request: Request) -> list[Endpoint]:
    """Return every operation of the OpenAPI document of this server."""
    status, body = await site(request).ask("GET", "/openapi.json", b"", _ANONYMOUS)
    assert status == 200, body
    return _read(body)


@lru_cache(maxsize=4)
def _read(openapi: bytes) -> list[Endpoint]:
    return endpoints(msgspec.json.decode(openapi))


def _chapter(chapter: Chapter, position: int) -> Route:
    async def show(request: Request) -> Response:
        url = visit(request).base_url
        listed = await _endpoints(request)
        response = page(
            request,
            chapter.template,
            slug=chapter.slug,
            title=chapter.title,
            about=chapter.about,
            headings=PARTS,
            before=CHAPTERS[position - 1] if position else None,
            after=CHAPTERS[position + 1] if position + 1 < len(CHAPTERS) else None,
            endpoints=[of for of in listed if home_of(of.path) == chapter.slug],
            all_endpoints=[(of, _BY_SLUG[home_of(of.path)]) for of in listed],
            languages=LANGUAGES,
            samples=lambda name: render(SAMPLES[name], url),
            ticks=ticks,
            **_CONTEXTS.get(chapter.slug, dict)(),
        )
        if "set-cookie" in response.headers:  # the cookie is for forms, and these pages have none
            del response.headers["set-cookie"]
        return response

    return Route(chapter.path, show)


def routes() -> list[BaseRoute]:
    return [_chapter(chapter, position) for position, chapter in enumerate(CHAPTERS)]
