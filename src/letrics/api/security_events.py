"""The security events of requests, by their route and status.

A request that changes something and is not listed here leaves an event with the name `change` and its route, so that a
new endpoint cannot be forgotten. Upserts leave none: each is recorded as an import, and there may be many a second.
"""

from __future__ import annotations

from typing import Any, Final

from letrics.accounts.browser import SAFE_METHODS
from letrics.api.call import Call
from letrics.logs.request_context import RequestContext
from letrics.logs.security_log import Result, SecurityLog

_OF_ROUTES: Final[dict[tuple[str, str], str | None]] = {
    ("POST", "/v1/contacts/export"): "export",
    ("POST", "/v1/companies/export"): "export",
    ("GET", "/v1/imports/{import_id}/rejects"): "export",
    ("POST", "/v1/imports"): "import",
    ("DELETE", "/v1/imports/{import_id}"): "import_undone",
    ("DELETE", "/v1/contacts/{id}"): "record_deleted",
    ("DELETE", "/v1/contacts/id/{id}"): "record_deleted",
    ("DELETE", "/v1/companies/{domain}"): "record_deleted",
    ("DELETE", "/v1/companies/id/{domain}"): "record_deleted",
    ("POST", "/v1/duplicates/{duplicate_id}/merge"): "contacts_merged",
    ("POST", "/v1/duplicates/{duplicate_id}/undo"): "contacts_separated",
    ("POST", "/v1/duplicates/{duplicate_id}/dismiss"): None,
    ("POST", "/v1/contacts/upsert"): None,
    ("POST", "/v1/companies/upsert"): None,
    ("POST", "/v1/uploads"): None,
}
"""The events of requests to the API, by method and route. None: there is none."""
_READING: Final = frozenset({"", "count", "facets"})
"""The ends of paths of searches, which are sent by POST."""
_OF_PAGES: Final[dict[str, str | None]] = {
    "entry.sign_in": "sign_in",
    "entry.enter": "sign_in",
    "second_step.second_step": "sign_in",
    "entry.sign_out": "sign_out",
    "entry.set_up": "first_admin_created",
    "entry.accept": "invitation_accepted",
    "entry.reset": "password_reset",
    "user_settings.profile": None,
    "user_settings.password": "password_changed",
    "user_settings.end_session": "session_ended",
    "user_settings.end_others": "sessions_ended",
    "two_factor.turn_on": "two_factor_on",
    "two_factor.turn_off": "two_factor_off",
    "two_factor.new_codes": "recovery_codes_created",
    "tokens.create": "token_created",
    "tokens.rotate": "token_rotated",
    "tokens.revoke": "token_revoked",
    "tokens.one": None,
    "admin.invite": "invitation_created",
    "admin.withdraw": "invitation_withdrawn",
    "admin.change_role": "role_changed",
    "admin.disable": "user_disabled",
    "admin.enable": "user_enabled",
    "admin.delete": "user_deleted",
    "admin.two_factor_off": "two_factor_off",
    "admin.reset": "reset_link_created",
    "admin.revoke": "token_revoked",
    "forget_page.forget": "forget",
    "download.download": "export",
    "import_page.paste": None,
    "preview_page.preview": "import",
    "report_page.undo": "import_undone",
    "report_page.cancel": "import_cancelled",
    "duplicate_pages.merge": "contacts_merged",
    "duplicate_pages.dismiss": None,
    "duplicate_pages.undo": "contacts_separated",
}
"""The events of forms, by the module and the name of the page."""
_RESULTS: Final[dict[int, Result]] = {401: "refused", 403: "refused", 404: "refused", 429: "throttled", 499: "failed"}
"""The results of statuses. Others below 400 are ok, from 500 failed; the remaining ones leave no event: the request was
not valid, so nothing was tried."""
_MAX_USES: Final = 100_000
"""The most pairs of token and address that are remembered as seen."""


class RequestEvents:
    """Writes the events of the requests of one server process."""

    def __init__(self, log: SecurityLog) -> None:
        self.log: Final = log
        self._seen: set[tuple[int, str]] = set()

    def record(self, call: Call, status: int, context: RequestContext) -> None:
        """Write the events of a request that has ended."""
        result = _result(status)
        page = call.page
        if page is None:
            event, user = _event_of(call), None if call.principal is None else call.principal.user_id
        else:
            event, user = _page_event(page), _user_of(page)
        facts: dict[str, Any] = {"request_id": call.request_id, "token": _token(call)} | _of_path(page)
        facts |= context.details
        user = facts.pop("user", user)
        if event == "record_deleted" and facts.pop("forget", False):
            event = "forget"  # as on the command line and on its page
        address = address_of(call)
        if status in (401, 403, 429) and (event is None or page is None):
            event = {401: "token_refused", 403: "forbidden", 429: "rate_limited"}[status]
            facts["route"] = call.route
        elif status == 404 and (page is None or user is not None):
            event = None
        if event is not None and result is not None and context.is_event:
            limited = result != "ok"
            self.log.write(event, result, user=user, address=address, limited=limited, **facts)
        if call.principal is not None and call.principal.token_id and status < 500:
            self._record_use(call.principal.user_id, call.principal.token_id, address, call.request_id)

    def _record_use(self, user: int, token: int, address: str, request_id: str) -> None:
        """Write the first use of a token from an address since this process started."""
        if (token, address) in self._seen:
            return
        if len(self._seen) >= _MAX_USES:
            self._seen.clear()
        self._seen.add((token, address))
        self.log.write("token_used", user=user, address=address, token=token, request_id=request_id, limited=True)


def address_of(call: Call) -> str:
    """The address of the client, as the proxy reports it."""
    client = call.scope.get("client")
    return str(client[0]) if client else ""


def _result(status: int) -> Result | None:
    if status < 400:
        return "ok"
    return "failed" if status >= 500 else _RESULTS.get(status)


def _event_of(call: Call) -> str | None:
    key = call.method, call.route
    if key in _OF_ROUTES:
        return _OF_ROUTES[key]
    is_search = call.route.removeprefix("/v1/").partition("/")[2] in _READING
    return None if call.method in SAFE_METHODS or is_search or not call.route.startswith("/v1/") else "change"


def _page_event(page: Any) -> str | None:
    endpoint = page.get("endpoint")
    if page["method"] in SAFE_METHODS or endpoint is None:
        return None
    name = f"{endpoint.__module__.rpartition('.')[2]}.{endpoint.__name__}"
    return _OF_PAGES.get(name, "change")


def _of_path(page: Any) -> dict[str, Any]:
    """The number in the path of a page: of a user, a token, or an import."""
    if page is None or "id" not in page.get("path_params", {}):
        return {}
    module = page["endpoint"].__module__.rpartition(".")[2]
    is_token = "/tokens/" in page["path"]
    name = {"admin": "target", "report_page": "import_id", "user_settings": "session"}.get(module, "number")
    return {"token" if is_token else name: page["path_params"]["id"]}


def _user_of(page: Any) -> int | None:
    visit = page.get("letrics.visit")
    return None if visit is None or visit.session is None else int(visit.session.user_id)


def _token(call: Call) -> int | None:
    return call.principal.token_id or None if call.principal is not None else None
