"""The endpoints of possible duplicates: list pairs of contacts, merge or dismiss a pair, and undo either."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Final

import msgspec

from letrics.api.backends import Backends
from letrics.api.body import check_media_type, parse_object, read_body
from letrics.api.call import Call
from letrics.api.querystring import Problems, read_parameters, refuse, refuse_all
from letrics.api.response import ApiResponse, Meta, success
from letrics.api.write_requests import read_id, read_number, read_store, require_write, with_store
from letrics.errors import CONFLICT, NOT_FOUND, LetricsError, problem
from letrics.normalize.email import email_key
from letrics.query.request_values import shown
from letrics.store.base import Store
from letrics.store.duplicate_record import (
    DUPLICATE_STATUSES,
    Duplicate,
    DuplicateReason,
    DuplicateStatus,
    NoPair,
    UnknownContact,
    UnknownPair,
)

MAX_PAIRS: Final = 100
"""The maximum of `per_page`: pairs in one response."""
DEFAULT_PAIRS: Final = 25
"""The number of pairs in one response when `per_page` is absent."""
MAX_PAIRS_PAGE: Final = 1_000_000_000
"""The maximum of `page`, as in searches."""
_encoder: Final = msgspec.json.Encoder()


class DuplicatePair(msgspec.Struct, frozen=True):
    """Two contacts that may be one person. `emails` are the addresses that both have.

    Of a merged pair, the first contact is the one that both became, and the second is the other one as it was before.
    """

    id: int
    status: DuplicateStatus
    reason: DuplicateReason
    emails: list[str]
    found_at: str
    merged_at: str | None
    contacts: tuple[msgspec.Raw, msgspec.Raw]


class DuplicatesMeta(msgspec.Struct):
    """The `meta` of a page of pairs. Fields are sent in this order."""

    request_id: str
    page: int
    per_page: int
    total: int
    total_pages: int


class DuplicateEndpoints:
    """The endpoints under `/v1/duplicates`."""

    def __init__(self, backends: Backends) -> None:
        self._open_store = backends.open_store

    async def list(self, call: Call) -> ApiResponse:
        """Return a page of the pairs with a status."""
        require_write(call, "Duplicates")
        given, problems = read_parameters(call.query, "status", "page", "per_page")
        status = next((name for name in DUPLICATE_STATUSES if name == given.get("status", "open")), None)
        if status is None:
            allowed = ", ".join(DUPLICATE_STATUSES)
            problems["status"] = f"status {shown(given['status'])} must be one of {allowed}"
        page = read_number(given, "page", problems, MAX_PAIRS_PAGE) or 1
        per_page = read_number(given, "per_page", problems, MAX_PAIRS) or DEFAULT_PAIRS
        refuse(problems)
        assert status is not None

        def read(store: Store) -> tuple[list[Duplicate], int]:
            found = store.duplicates(status, per_page, skip=(page - 1) * per_page)
            return found, store.count_duplicates(status)

        found, total = await read_store(self._open_store, read)
        meta = DuplicatesMeta(call.request_id, page, per_page, total, -(-total // per_page))
        return success(_encoder.encode([_described(pair) for pair in found]), meta)

    async def get(self, call: Call) -> ApiResponse:
        """Return one pair."""
        pair = await self._writable(call)
        refuse(refuse_all(call.query, "is not a parameter of this path"))
        return success(_encoder.encode(_described(pair)), Meta(call.request_id))

    async def merge(self, call: Call) -> ApiResponse:
        """Merge the contacts of a pair into the one that the body names."""
        pair = await self._writable(call)
        one, other = map(contact_id, pair.contacts)
        check_media_type(call)
        keep = _read_keep(parse_object(await read_body(call)), one, other)
        refuse(refuse_all(call.query, "is in the query string: send it in the JSON body"))
        if pair.status == "merged":
            raise _merged_before(pair)
        gone = other if keep == one else one
        await self._decide(pair, lambda store: store.merge_contacts(keep, gone))
        return await self._respond(call, pair.id)

    async def dismiss(self, call: Call) -> ApiResponse:
        """Note that the contacts of a pair are different persons."""
        pair = await self._decidable(call)
        if pair.status == "merged":
            raise _merged_before(pair)
        await self._decide(pair, lambda store: store.dismiss_duplicate(*map(contact_id, pair.contacts)))
        return await self._respond(call, pair.id)

    async def undo(self, call: Call) -> ApiResponse:
        """Take back what was decided on a pair."""
        pair = await self._decidable(call)
        if pair.status == "open":
            raise problem(CONFLICT, f"The pair {pair.id} is open: it was neither merged nor dismissed")
        await self._decide(pair, lambda store: store.undo_duplicate(*map(contact_id, pair.contacts)))
        return await self._respond(call, pair.id)

    async def _decidable(self, call: Call) -> Duplicate:
        """The pair of a request that has no fields. Raises LetricsError."""
        pair = await self._writable(call)
        check_media_type(call)
        problems = {name: f"{shown(name)} is not a field of this path" for name in parse_object(await read_body(call))}
        refuse(problems | refuse_all(call.query, "is not a parameter of this path"))
        return pair

    async def _writable(self, call: Call) -> Duplicate:
        """The pair in the path. Raises LetricsError: not_found comes before forbidden."""
        pair = await self._find(read_id(call, "pair"))
        require_write(call, "Duplicates")
        return pair

    async def _respond(self, call: Call, id: int) -> ApiResponse:
        return success(_encoder.encode(_described(await self._find(id))), Meta(call.request_id))

    async def _find(self, id: int) -> Duplicate:
        """The pair with this id. Raises LetricsError (not_found)."""
        try:
            return await read_store(self._open_store, lambda store: store.find_duplicate(id))
        except UnknownPair as error:
            raise problem(NOT_FOUND, _sentence(error)) from None

    async def _decide(self, pair: Duplicate, change: Callable[[Store], None]) -> None:
        """Change the pair as it was read. Raises LetricsError (conflict) where it changed meanwhile."""
        try:
            await with_store(self._open_store, change)
        except (NoPair, UnknownContact) as error:
            raise problem(CONFLICT, f"The pair {pair.id} changed meanwhile: {error}") from None


def contact_id(document: msgspec.Raw) -> str:
    """The id of a contact, given by its document."""
    return msgspec.json.decode(document, type=_PairedContact).id


class _Address(msgspec.Struct):
    value: str


class _PairedContact(msgspec.Struct):
    """The fields of a contact that tell whether it is another one."""

    id: str
    emails: list[_Address]


def _described(pair: Duplicate) -> DuplicatePair:
    one, other = (msgspec.json.decode(contact, type=_PairedContact) for contact in pair.contacts)
    keys = {email_key(email.value) for email in other.emails}
    shared = [email.value for email in one.emails if email_key(email.value) in keys]
    return DuplicatePair(pair.id, pair.status, pair.reason, shared, pair.found_at, pair.merged_at, pair.contacts)


def _read_keep(given: dict[str, object], one: str, other: str) -> str:
    """The id of the contact that stays. Raises LetricsError (invalid_input)."""
    problems: Problems = {}
    for name in given:
        if name != "keep":
            near = difflib.get_close_matches(name[:100].casefold(), ["keep"], 1, 0.6)
            hint = "did you mean keep?" if near else "the only one is keep"
            problems[name] = f"{shown(name)} is not a field of this path: {hint}"
    keep = given.get("keep")
    if keep not in (one, other) and not (problems and keep is None):
        what = "is missing" if keep is None else f"{shown(keep)} is not of this pair"
        problems["keep"] = f"keep {what}: send the id of the contact that stays, {shown(one)} or {shown(other)}"
    refuse(problems)
    return str(keep)


def _merged_before(pair: Duplicate) -> LetricsError:
    kept, gone = (shown(contact_id(contact)) for contact in pair.contacts)
    return problem(CONFLICT, f"The pair {pair.id} was merged already, {gone} into {kept}: undo this first")


def _sentence(error: Exception) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}"
