"""The reference page: the API as people read it, made from the catalogue, the error table and the record structs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, Final, get_type_hints

import msgspec
from msgspec import inspect

from letrics import __version__
from letrics.errors import MAX_PROBLEMS, TABLE
from letrics.fields import (
    CATALOGUE,
    DEFAULT_PER_PAGE,
    MAX_PAGE,
    MAX_PER_PAGE,
    MAX_VALUE_LENGTH,
    Fact,
    Field,
    Owner,
)
from letrics.records import Company, ContactBody, Email, Place
from letrics.web import prose

_TYPES: Final = {"flag": "boolean", "modifier": "boolean", "range": "timestamp", "number": "integer"}


def reference_page() -> str:
    """The whole page as HTML."""
    sections = (
        ("start", "Start", prose.START),
        ("authentication", "Authentication", prose.AUTHENTICATION),
        ("envelope", "Answers", prose.ENVELOPE),
        ("search", "Search", prose.SEARCH),
        ("fields", "Request fields", _fields()),
        ("matching", "How values match", prose.MATCHING),
        ("locations", "Locations", prose.LOCATIONS),
        ("paging", "Pages and cursors", _paging() + prose.PAGING),
        ("meta", "What a search tells about itself", prose.META),
        ("records", "Records", _records()),
        ("single", "One record", prose.SINGLE),
        ("errors", "Errors", _errors()),
        ("paths", "Other paths", prose.PATHS),
    )
    links = "".join(f'<li><a href="#{id}">{escape(title)}</a></li>' for id, title, _ in sections)
    body = "".join(f'<section id="{id}"><h2>{escape(title)}</h2>{html}</section>' for id, title, html in sections)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" '
        'content="light dark"><title>Letrics API reference</title><link rel="stylesheet" href="/static/docs.css">'
        f'</head><body><a class="skip" href="#start">Skip to the text</a><nav aria-label="Contents"><p class="name">'
        f'Letrics <small>{escape(__version__)}</small></p><ul>{links}</ul><p><a href="/openapi.json">OpenAPI 3.1</a>'
        f"</p></nav><main><h1>API reference</h1>{body}</main></body></html>"
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells are HTML already."""
    top = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide" tabindex="0"><table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table></div>'


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _fields() -> str:
    rows = []
    for field in CATALOGUE:
        names = _code(field.name)
        if field.is_array:
            names += f"<br><small>{_code('exclude_' + field.name)}</small>"
        names += "".join(f"<br><small>{_code(alias)} (older)</small>" for alias in field.aliases)
        contacts, companies = _known(field.contacts, "contact"), _known(field.companies, "company")
        rows.append((names, _type(field), contacts, companies, _help(field)))
    return prose.FIELDS + _table(("Field", "Type", "Contacts", "Companies", "Meaning"), rows)


def _type(field: Field) -> str:
    return "array of texts" if field.is_array else _TYPES[field.kind]


def _known(fact: Fact | None, searched: Owner) -> str:
    if fact is None:
        return '<span class="no">–</span>'
    return "yes" if fact.owner == searched else "company’s"


def _help(field: Field) -> str:
    example = msgspec.json.encode([field.example] if field.is_array else field.example).decode()
    more = f" Up to {field.max_values:,} values." if field.max_values > 500 else ""
    return f"{escape(field.help)}{more} <small>Example: {_code(example)}</small>"


def _paging() -> str:
    rows = (
        ("order", "text", "<code>oldest</code> (default) or <code>newest</code> first, by entry into this database."),
        ("page", "integer", f"1 to {MAX_PAGE:,}; default 1."),
        ("per_page", "integer", f"1 to {MAX_PER_PAGE}; default {DEFAULT_PER_PAGE}."),
        ("cursor", "text", "The <code>meta.next_cursor</code> of a page; not together with <code>page</code>."),
        ("fields", "array of texts", "The members of the records to return, such as <code>full_name</code> or "
         "<code>company.domain</code>; default: all."),
    )  # fmt: skip
    limits = (
        f"<p>A value has at most {MAX_VALUE_LENGTH} characters, and a field at most 500 values "
        "(<code>domains</code> 10,000).</p>"
    )
    return _table(("Field", "Type", "Meaning"), [(_code(name), of, help) for name, of, help in rows]) + limits


def _records() -> str:
    html = "<p>Every member is always there: <code>null</code> or <code>[]</code> where nothing is known.</p>"
    for title, struct in (("Company", Company), ("Contact", ContactBody), ("Place", Place), ("Email", Email)):
        hints = get_type_hints(struct)
        rows = [(_code(name), escape(_shown(inspect.type_info(hints[name])))) for name in struct.__struct_fields__]
        if struct is ContactBody:
            rows.append((_code("company"), "Company"))
        html += f"<h3>{title}</h3>" + _table(("Member", "Type"), rows)
    return html


def _shown(of: Any) -> str:
    """A type in words."""
    match of:
        case inspect.UnionType():
            return " or ".join(_shown(part) for part in of.types)
        case inspect.VarTupleType():
            return f"list of {_shown(of.item_type)}"
        case inspect.StructType():
            return of.cls.__name__
        case inspect.LiteralType():
            return " or ".join(map(str, of.values))
        case inspect.NoneType():
            return "null"
        case inspect.IntType():
            return "integer"
        case inspect.BoolType():
            return "boolean"
        case _:
            return "text"


def _errors() -> str:
    rows = [(_code(kind.id), str(kind.code), escape(kind.meaning)) for kind in TABLE]
    return prose.ERRORS + _table(("id", "code", "When"), rows) + f"<p>At most {MAX_PROBLEMS} problems are told.</p>"
