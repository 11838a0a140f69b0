"""The endpoints that read and delete one record by its id."""

from __future__ import annotations

from typing import Final

from letrics.api.backends import Backends
from letrics.api.call import Call
from letrics.api.querystring import read_flag_parameter, refuse, refuse_all
from letrics.api.response import ApiResponse, Meta, success
from letrics.api.write_requests import in_store_thread
from letrics.errors import FORBIDDEN, INTERNAL_ERROR, INVALID_INPUT, NOT_FOUND, LetricsError, problem
from letrics.identity.company_keys import exact_company_id, is_company_id
from letrics.logs.request_context import add_details
from letrics.plurals import counted
from letrics.query.request_values import shown
from letrics.records import SINGULAR, Kind
from letrics.store.base import HasContacts, Position, StoredRecord
from letrics.store.forgotten_list import Forgotten

_POSTED: Final = {"count": "count records", "facets": "count values", "export": "export records",
           "upsert": "create or update records"}  # fmt: skip
"""What POST does at paths that GET interprets as an id."""


class Single:
    """The endpoints `GET` and `DELETE` of one record of a kind."""

    def __init__(self, kind: Kind, backends: Backends) -> None:
        self.kind = kind
        self._engine = backends.engine
        self._why_loading = backends.why_loading
        self._store = backends.store
        self._open_store = backends.open_store

    async def get(self, call: Call) -> ApiResponse:
        """Return the record."""
        found = await self._find(call)
        refuse(refuse_all(call.query, "is not a parameter of this path: it always returns the whole record"))
        if found.malformed:
            details = (
                f"The stored document of {SINGULAR[self.kind]} num {found.num} is malformed: `letrics check`, run on "
                f"the server, lists such records (request {call.request_id})"
            )
            raise problem(INTERNAL_ERROR, details)
        return success(found.document, Meta(call.request_id))

    async def delete(self, call: Call) -> ApiResponse:
        """Delete the record. A company that has contacts can only be deleted together with them."""
        position = await self._position()
        found = await self._find(call)
        if call.principal is None or not call.principal.may("write"):
            details = "Deleting requires a token with the scope write, of a user with the role editor or admin"
            raise problem(FORBIDDEN, details)
        flag, problems = read_flag_parameter(call.query, "with_contacts" if self.kind == "companies" else "forget")
        refuse(problems)
        if flag and self.kind == "contacts":
            add_details(kind=self.kind, num=found.num, forget=True)
            return await self._forget(call, position)
        with_contacts = flag
        if found.contacts and not with_contacts:
            raise _has_contacts(found.contacts)
        add_details(kind=self.kind, num=found.num)
        deleted = await in_store_thread(self._delete, self._id(call), with_contacts, position)
        if deleted is None:  # another process deleted it since it was looked up
            raise self._not_found(call)
        add_details(records=deleted)
        return success(b'{"deleted":%d}' % deleted, Meta(call.request_id))

    async def _forget(self, call: Call, position: Position) -> ApiResponse:
        """Forget the person of the contact."""

        def forget() -> Forgotten | None:
            with self._open_store() as store:
                return store.forget_id(self._id(call), position)

        done = await in_store_thread(forget)
        if done is None:
            raise self._not_found(call)
        add_details(records=done.contacts)
        return success(b'{"deleted":%d}' % done.contacts, Meta(call.request_id))

    def _delete(self, id: str, with_contacts: bool, position: Position) -> int | None:
        # A separate connection in another thread, because it may have to wait for the batch of a running import. The
        # id is looked up again inside the transaction, because it may belong to another record by then.
        store = self._open_store()
        try:
            return store.delete_id(self.kind, id, with_contacts, position)
        except HasContacts as error:  # a contact was added since the company was looked up
            raise _has_contacts(error.contacts) from None
        finally:
            store.close()

    async def _find(self, call: Call) -> StoredRecord:
        """Look up the record. Raises LetricsError (not_found), and EngineLoading while the index is not ready."""
        id = self._id(call)
        await self._position()
        found = await self._store.find(self.kind, id)
        if found is None:
            raise self._not_found(call)
        return found

    async def _position(self) -> Position:
        """The position of the index, by which the store checks that it is of the same log. Raises EngineLoading or the
        reason while there is none: the index is loading, or the database was replaced."""
        position = await self._engine.position()
        if position is None:
            raise self._why_loading()
        return position

    def _id(self, call: Call) -> str:
        """The id in the path, in the form that the store uses. Raises LetricsError (not_found)."""
        if self.kind == "contacts":
            return call.variable
        try:
            return exact_company_id(call.variable)
        except ValueError as error:
            details = f"There is no company with the domain {shown(call.variable)}: {error}"
            raise problem(NOT_FOUND, details) from None

    def _not_found(self, call: Call) -> LetricsError:
        id = self._id(call)
        of_id = self.kind == "contacts" or is_company_id(id)
        what = f"{SINGULAR[self.kind]} with the {'id' if of_id else 'domain'}"
        hint = f": to {_POSTED[id]}, send POST /v1/{self.kind}/{id}" if id in _POSTED else ""
        return problem(NOT_FOUND, f"There is no {what} {shown(id)}{hint}")


def _has_contacts(contacts: int) -> LetricsError:
    some = counted(contacts, "contact")
    details = f"The company has {some}: add ?with_contacts=true to delete them, too"
    return problem(INVALID_INPUT, details, field="with_contacts")
