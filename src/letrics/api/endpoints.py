"""The paths of the API: builds the route table with the handler of each operation."""

from __future__ import annotations

from letrics.api.backends import Backends
from letrics.api.call import Call
from letrics.api.catalogue import Catalogue
from letrics.api.count import Count
from letrics.api.duplicate_endpoints import DuplicateEndpoints
from letrics.api.export import Export
from letrics.api.health import Health
from letrics.api.import_endpoints import Imports
from letrics.api.metrics import Metrics
from letrics.api.openapi import document
from letrics.api.request_schemas import NAMES
from letrics.api.response import ApiResponse
from letrics.api.routes import Operation, Route, Table
from letrics.api.search import Search
from letrics.api.single import Single
from letrics.api.upsert import MAX_RECORDS, Upsert
from letrics.api.whoami import WhoAmI
from letrics.errors import (
    CONFLICT,
    FORBIDDEN,
    INVALID_INPUT,
    NOT_FOUND,
    PAYLOAD_TOO_LARGE,
    UNAVAILABLE,
    UNSUPPORTED_MEDIA_TYPE,
)
from letrics.records import Kind
from letrics.search.service import DEFAULT_SIZES, WalkSizes
from letrics.store.upserting import ReadRecords


def build_table(
    backends: Backends, metrics: Metrics, export_sizes: WalkSizes = DEFAULT_SIZES, imports: Imports | None = None,
    read_records: ReadRecords | None = None, with_metrics: bool = True,
) -> Table:  # fmt: skip
    """Build the table of all routes, with handlers that use `backends`.

    Without `imports`, files cannot be uploaded, and without `read_records`, records cannot be upserted.
    Without `with_metrics`, they are on another port.
    """
    health, account = Health(backends, metrics), WhoAmI(backends.authenticator)
    who = Operation("get_account", "The account of the caller", account.get, (INVALID_INPUT,), "AccountResponse")
    alive = Operation("healthz", "Whether the process is alive", health.alive, (), "StatusResponse", pool=None)
    ready = Operation(
        "readyz", "Whether the server is ready for searches", health.ready, (UNAVAILABLE,), "StatusResponse", pool=None
    )
    metrics_ = Operation("metrics", "Metrics in Prometheus' text format", health.metrics, pool=None)
    described: list[bytes] = []

    async def openapi(_: Call) -> ApiResponse:
        if not described:
            described.append(document(table))
        return ApiResponse(described[0])

    itself = Operation("openapi", "This document", openapi, pool=None)
    table = Table(
        [
            *_of_kind("contacts", backends, export_sizes, read_records),
            *_of_kind("companies", backends, export_sizes, read_records),
            *_duplicates(DuplicateEndpoints(backends)),
            *([] if imports is None else _imports(imports)),
            Route("/v1/account", {"GET": who}),
            Route("/healthz", {"GET": alive}),
            Route("/readyz", {"GET": ready}),
            *([Route("/metrics", {"GET": metrics_})] if with_metrics else []),
            Route("/openapi.json", {"GET": itself}),
        ]
    )
    return table


def _of_kind(kind: Kind, backends: Backends, export_sizes: WalkSizes, read_records: ReadRecords | None) -> list[Route]:
    export = Export(kind, backends, export_sizes)
    upsert = [] if read_records is None else _upsert(kind, Upsert(kind, backends, read_records))
    return [
        *_searches(kind, backends, export), *upsert, *_catalogue(kind, backends),
        *_single(kind, backends),
    ]  # fmt: skip


def _searches(kind: Kind, backends: Backends, export: Export) -> list[Route]:
    """The routes that take filters: search, count, facets and export."""
    search, count, word = Search(kind, backends), Count(kind, backends), NAMES[kind]
    fails = (INVALID_INPUT, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE)
    post = Operation(f"search_{kind}", f"Search {kind}", search.post, fails, f"{word}Page", f"{word}Search")
    get = Operation(
        f"search_{kind}_by_url", f"Search {kind} by a query string", search.get, (INVALID_INPUT,), f"{word}Page"
    )
    counting = Operation(f"count_{kind}", f"Count {kind}", count.count, fails, "CountResponse", f"{word}Count")
    most_common = f"The most common values among {kind}"
    facets = Operation(f"facets_of_{kind}", most_common, count.facets, fails, "FacetsResponse", f"{word}Facets")
    whole = Operation(
        f"export_{kind}",
        f"Export all matching {kind} as a file",
        export.post,
        fails,
        None,
        f"{word}Export",
        pool="exports",
    )
    return [
        Route(f"/v1/{kind}", {"POST": post, "GET": get}),
        Route(f"/v1/{kind}/count", {"POST": counting}),
        Route(f"/v1/{kind}/facets", {"POST": facets}),
        Route(f"/v1/{kind}/export", {"POST": whole}),
    ]


def _upsert(kind: Kind, upsert: Upsert) -> list[Route]:
    word = NAMES[kind]
    fails = (INVALID_INPUT, FORBIDDEN, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE)
    summary = f"Create or update up to {MAX_RECORDS:,} {kind} (scope write)"
    post = Operation(
        f"upsert_{kind}", summary, upsert.post, fails, "UpsertResponse", f"{word}Upsert", writes=True, pool="changes"
    )
    return [Route(f"/v1/{kind}/upsert", {"POST": post})]


def _catalogue(kind: Kind, backends: Backends) -> list[Route]:
    """The routes of the field catalogue: request fields and their values."""
    catalogue, fails = Catalogue(kind, backends), (INVALID_INPUT, NOT_FOUND)
    fields = Operation(
        f"fields_of_{kind}", f"The fields of a search of {kind}", catalogue.fields, fails[:1], "FieldsResponse"
    )
    values = Operation(f"values_of_{kind}", "Suggest values of a field", catalogue.values, fails, "ValuesResponse")
    return [
        Route(f"/v1/{kind}/fields", {"GET": fields}),
        Route(f"/v1/{kind}/fields/{{name}}/values", {"GET": values}),
    ]


def _single(kind: Kind, backends: Backends) -> list[Route]:
    """The routes of one record. The first one is for ids that are words of other paths: it is unambiguous."""
    single, word = Single(kind, backends), NAMES[kind]
    fails, low = (INVALID_INPUT, NOT_FOUND), NAMES[kind].lower()

    def operations(suffix: str) -> dict[str, Operation]:
        deletion = f"Delete one {low} (scope write)"
        return {
            "GET": Operation(f"get_{low}{suffix}", f"One {low}", single.get, fails, f"{word}Response"),
            "DELETE": Operation(
                f"delete_{low}{suffix}",
                deletion,
                single.delete,
                (*fails, FORBIDDEN),
                "DeletedResponse",
                writes=True,
                pool="changes",
            ),
        }

    placeholder = "id" if kind == "contacts" else "domain"
    return [
        Route(f"/v1/{kind}/id/{{{placeholder}}}", operations("_by_id")),
        Route(f"/v1/{kind}/{{{placeholder}}}", operations("")),
    ]


def _duplicates(pairs: DuplicateEndpoints) -> list[Route]:
    """The routes of possible duplicates, which require the scope write."""
    one = (INVALID_INPUT, NOT_FOUND, FORBIDDEN)
    decision = (*one, CONFLICT, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE)
    listed = Operation(
        "list_duplicates", "Pairs of contacts that may be one person (scope write)", pairs.list,
        (INVALID_INPUT, FORBIDDEN), "DuplicatesPage",
    )  # fmt: skip
    get = Operation("get_duplicate", "One pair of contacts (scope write)", pairs.get, one, "DuplicateResponse")
    merge = Operation(
        "merge_duplicate", "Merge the contacts of a pair into one of them (scope write)", pairs.merge, decision,
        "DuplicateResponse", "DuplicateMerge", writes=True, pool="changes",
    )  # fmt: skip
    dismiss = Operation(
        "dismiss_duplicate", "Note that the contacts of a pair are different people (scope write)", pairs.dismiss,
        decision, "DuplicateResponse", writes=True, pool="changes",
    )  # fmt: skip
    undo = Operation(
        "undo_duplicate", "Undo the merge or the dismissal of a pair (scope write)", pairs.undo, decision,
        "DuplicateResponse", writes=True, pool="changes",
    )  # fmt: skip
    return [
        Route("/v1/duplicates", {"GET": listed}),
        Route("/v1/duplicates/{duplicate_id}", {"GET": get}),
        Route("/v1/duplicates/{duplicate_id}/merge", {"POST": merge}),
        Route("/v1/duplicates/{duplicate_id}/dismiss", {"POST": dismiss}),
        Route("/v1/duplicates/{duplicate_id}/undo", {"POST": undo}),
    ]


def _imports(imports: Imports) -> list[Route]:
    """The routes of imports, which require the scope write."""
    bad, low = (INVALID_INPUT, FORBIDDEN), (INVALID_INPUT, NOT_FOUND, FORBIDDEN)
    upload = Operation(
        "create_import", "Import the uploaded file, or preview its import (scope write)", imports.upload,
        (*bad, NOT_FOUND, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE), "PreviewResponse", accepted="ImportResponse",
        writes=True, pool="uploads",
    )  # fmt: skip
    store = Operation(
        "store_upload", "Store a file for a day, for previews and its import (scope write)", imports.store,
        (*bad, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE), "StoredUploadResponse", writes=True, pool="uploads",
    )  # fmt: skip
    listed = Operation("list_imports", "Past imports, newest first (scope write)", imports.list, bad, "ImportsResponse")
    one = Operation(
        "get_import", "One import: its progress, counts and columns (scope write)", imports.get, low, "ImportResponse"
    )
    rejects = Operation(
        "get_import_rejects", "The rejected rows of an import, as JSON Lines (scope write)", imports.rejects, low
    )
    undo = Operation(
        "undo_import", "Undo an import, or cancel it if it is running (scope write)", imports.undo, (*low, CONFLICT),
        "UndoResponse", accepted="ImportResponse", writes=True, pool="changes",
    )  # fmt: skip
    return [
        Route("/v1/imports", {"POST": upload, "GET": listed}),
        Route("/v1/uploads", {"POST": store}),
        Route("/v1/imports/{import_id}", {"GET": one, "DELETE": undo}),
        Route("/v1/imports/{import_id}/rejects", {"GET": rejects}),
    ]
