"""The surface: every path of the API and what stands behind it."""

from __future__ import annotations

from letrics.api.answer import Answer
from letrics.api.backends import Backends
from letrics.api.call import Call
from letrics.api.health import Health
from letrics.api.metrics import Metrics
from letrics.api.openapi import document
from letrics.api.routes import Operation, Route, Table
from letrics.api.search import Search
from letrics.api.single import Single
from letrics.errors import (
    FORBIDDEN,
    INVALID_INPUT,
    NOT_FOUND,
    PAYLOAD_TOO_LARGE,
    UNAVAILABLE,
    UNSUPPORTED_MEDIA_TYPE,
)
from letrics.records import Kind


def build_table(backends: Backends, metrics: Metrics) -> Table:
    """All routes, standing on `backends`."""
    health = Health(backends, metrics)
    described: list[bytes] = []

    async def openapi(_: Call) -> Answer:
        if not described:
            described.append(document(table))
        return Answer(described[0])

    table = Table(
        [
            _search("contacts", backends),
            _search("companies", backends),
            _single("contacts", "/v1/contacts/{id}", backends),
            _single("companies", "/v1/companies/{domain}", backends),
            Route("/healthz", {"GET": Operation("healthz", "Whether the process is alive", health.alive)}),
            Route(
                "/readyz",
                {"GET": Operation("readyz", "Whether searches can be answered", health.ready, (UNAVAILABLE,))},
            ),
            Route("/metrics", {"GET": Operation("metrics", "Measurements in Prometheus' text format", health.metrics)}),
            Route("/openapi.json", {"GET": Operation("openapi", "This document", openapi)}),
        ]
    )
    return table


def _search(kind: Kind, backends: Backends) -> Route:
    search = Search(kind, backends)
    fails = (INVALID_INPUT, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE)
    return Route(
        f"/v1/{kind}",
        {
            "POST": Operation(f"search_{kind}", f"Search {kind}", search.post, fails),
            "GET": Operation(f"search_{kind}_by_url", f"Search {kind} by a query string", search.get, (INVALID_INPUT,)),
        },
    )


def _single(kind: Kind, template: str, backends: Backends) -> Route:
    single = Single(kind, backends)
    word = "contact" if kind == "contacts" else "company"
    fails = (INVALID_INPUT, NOT_FOUND)
    return Route(
        template,
        {
            "GET": Operation(f"get_{word}", f"One {word}", single.get, fails),
            "DELETE": Operation(
                f"delete_{word}", f"Delete one {word} (scope write)", single.delete, (*fails, FORBIDDEN)
            ),
        },
    )
