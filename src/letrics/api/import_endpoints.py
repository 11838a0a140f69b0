"""The endpoints of imports: upload a file, preview it, follow its import, read its rejected rows, undo it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Container, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from letrics.api.backends import Backends
from letrics.api.bounded_threads import BoundedThreads
from letrics.api.call import Call
from letrics.api.import_jobs import ImportJobs, JobFailed, RefusedUpload, UnknownUpload
from letrics.api.querystring import read_flag_parameter, read_pairs, read_parameters, refuse, refuse_all
from letrics.api.response import ApiResponse, Meta, success
from letrics.api.upload import file_name, receive_file
from letrics.api.write_requests import read_id, read_number, read_store, require_write, with_store
from letrics.engines.pace import Pace, undo_in_steps
from letrics.errors import CONFLICT, INVALID_INPUT, NOT_FOUND, UNAVAILABLE, problem
from letrics.logs.request_context import add_details, skip_event
from letrics.normalize.time import now, parse_time
from letrics.query.request_values import shown
from letrics.records import KINDS
from letrics.store.base import Store, StoreCorrupt
from letrics.store.import_process import PROCESS, is_process_alive
from letrics.store.import_record import SILENT_MS, ImportRecord, NotUndoable, UnknownImport

_OPTIONS: Final = {
    "kind": "--kind", "source": "--source", "encoding": "--encoding", "skip_lines": "--skip-lines",
    "list_separator": "--list-separator", "date_order": "--date-order",
}  # fmt: skip
"""The parameters of an upload that are options of `letrics import` with one value."""
_FLAGS: Final = {"strict": "--strict", "preview": None, "confirm_renames": "--yes"}
"""The parameters of an upload that are true or false, and their options of `letrics import`."""
_OPTION: Final = re.compile(r"--([a-z][a-z-]*)[ =]")
"""Matches an option of a command that has a value, up to the value."""
_MOST: Final = 100
"""The most imports of one response."""
_AT_ONCE: Final = 4
"""The maximum number of previews, and of imports that have not begun yet: each is a process."""
_MAX_VALUE: Final = 10_000
"""The maximum length of a parameter's value, in characters. A process cannot receive arguments of any length."""
_PART: Final = 1 << 16
"""The number of bytes of the rejected rows that are read at a time."""
_Result = TypeVar("_Result")


class ImportState(ImportRecord, frozen=True, kw_only=True):
    """An import as clients see it. `interrupted` says that its process ended without finishing it."""

    interrupted: bool = False


class StoredUpload(msgspec.Struct, frozen=True):
    """A stored file without an import. `upload` is its id."""

    upload: str
    file: str
    bytes: int


class KeptRecord(msgspec.Struct, frozen=True):
    """A record that undoing an import left as it is, because something else changed it since or uses it, or because
    it or its former state is damaged."""

    kind: str
    id: str
    damaged: bool = False


class UndoneImport(msgspec.Struct, frozen=True):
    """What undoing an import did, as numbers of records, and the first records that it left as they are."""

    id: int
    restored: int
    deleted: int
    kept: int
    kept_records: list[KeptRecord]


class ImportList(msgspec.Struct, frozen=True):
    """Imports, newest first. `next_before` is the parameter `before` of the next page, null on the last one."""

    imports: list[ImportState]
    next_before: int | None


class Imports:
    """The endpoints under `/v1/imports`.

    `is_shared` says that other hosts import into the same database, and `pace` makes the pace at which a store is
    written.
    """

    def __init__(
        self, backends: Backends, jobs: ImportJobs, max_bytes: int, at_once: int = _AT_ONCE, is_shared: bool = False,
        pace: Callable[[Store], Pace] | None = None,
    ) -> None:  # fmt: skip
        self._open_store = backends.open_store
        self._authenticator = backends.authenticator
        self._jobs = jobs
        self._max_bytes = max_bytes
        self._is_shared = is_shared
        self._pace = pace or (lambda store: Pace(lambda: store.position().seq, lambda: None))
        self._previews = BoundedThreads(at_once, "previews of imports")
        self._starts = BoundedThreads(at_once, "imports that are starting")

    async def store(self, call: Call) -> ApiResponse:
        """Store the file in the body, for previews and its import."""
        require_write(call, "Imports")
        given, problems = read_parameters(call.query, "filename")
        refuse(problems)
        upload = await self._receive(call, given.get("filename"))
        stored = await asyncio.to_thread(self._describe, upload)
        return success(msgspec.json.encode(stored), Meta(call.request_id))

    def _describe(self, upload: str) -> StoredUpload:
        file = self._jobs.find_file(upload)
        return StoredUpload(upload, file.name, file.stat().st_size)

    async def upload(self, call: Call) -> ApiResponse:
        """Import the file in the body or a stored one, or preview its import. A stored file stays if it is refused."""
        require_write(call, "Imports")
        given, options = _read_upload(call.query)
        assert call.principal is not None
        user = (await self._authenticator.account(call.principal)).email
        stored = given.get("upload")
        upload = stored or await self._receive(call, given.get("filename"))
        try:
            if given.get("preview") == "true":
                skip_event()
                preview = await self._previews.run(self._preview, upload, options)
                if preview["problem"] is not None:
                    preview["problem"] = _as_parameters(preview["problem"])
                if not stored:
                    await asyncio.to_thread(self._jobs.remove, upload)
                return success(msgspec.json.encode(preview), Meta(call.request_id))
            id = await self._starts.run(self._jobs.start, upload, [*options, "--user", user])
            add_details(import_id=id)
        except BaseException as error:
            if not stored:
                await asyncio.to_thread(self._jobs.remove, upload)
            if isinstance(error, UnknownUpload):
                details = (
                    f"There is no upload {shown(upload)} on this host: it was imported, removed after a day, or sent "
                    "to another host. Send the file again"
                )
                raise problem(NOT_FOUND, details, field="upload") from None
            if isinstance(error, RefusedUpload):
                raise problem(INVALID_INPUT, f"The file cannot be imported: {_as_parameters(str(error))}") from None
            if isinstance(error, JobFailed) and error.is_damage:
                raise StoreCorrupt(str(error)) from None
            if isinstance(error, JobFailed):
                raise problem(UNAVAILABLE, f"The import did not start: {error}", Retry_After="5") from None
            raise
        response = success(msgspec.json.encode(await self._state(id)), Meta(call.request_id))
        response.status = 202
        response.headers.append((b"location", b"/v1/imports/%d" % id))
        return response

    def _preview(self, upload: str, options: Sequence[str]) -> dict[str, Any]:
        return self._jobs.preview(upload, options) | {"file": self._jobs.find_file(upload).name}

    async def _receive(self, call: Call, given: str | None) -> str:
        """Write the body to a file; returns the id of the upload."""
        name = file_name(call, given)
        with ExitStack() as stack:
            upload, directory = await asyncio.to_thread(stack.enter_context, self._jobs.receiving())
            await receive_file(call, directory / name, self._max_bytes)
        return upload

    async def list(self, call: Call) -> ApiResponse:
        """Return past imports, newest first."""
        require_write(call, "Imports")
        given, problems = read_parameters(call.query, "limit", "before", "upserts")
        upserts = given.get("upserts", "true")
        if upserts not in ("true", "false"):
            problems["upserts"] = f"upserts {shown(upserts)} must be true or false"
        limit, before = read_number(given, "limit", problems, _MOST) or _MOST, read_number(given, "before", problems)
        refuse(problems)
        running = await asyncio.to_thread(self._jobs.running)
        records = await self._with_store(lambda store: store.imports(limit, before, upserts == "true"))
        states = [self._as_state(record, running) for record in records]
        more = records[-1].id if len(records) == limit and records[-1].id > 1 else None
        return success(msgspec.json.encode(ImportList(states, more)), Meta(call.request_id))

    async def get(self, call: Call) -> ApiResponse:
        """Return one import: its progress, counts and mapping."""
        state = await self._writable(call)
        refuse(refuse_all(call.query, "is not a parameter of this path"))
        return success(msgspec.json.encode(state), Meta(call.request_id))

    async def rejects(self, call: Call) -> ApiResponse:
        """Return the rejected rows and the cells that were left out, as JSON Lines."""
        id = (await self._writable(call)).id
        refuse(refuse_all(call.query, "is not a parameter of this path"))
        add_details(kind="rejects", import_id=id)
        path = self._jobs.rejects(id)
        if path is None:
            details = (
                f"There is no file of rejected rows of import {id} on this host: it was not an upload, or its file was "
                "sent to another host"
            )
            raise problem(NOT_FOUND, details)
        name = f'attachment; filename="import-{id}-rejects.jsonl"'.encode()
        return ApiResponse(
            b"", media_type=b"text/plain; charset=utf-8", headers=[(b"content-disposition", name)], stream=_parts(path)
        )

    async def undo(self, call: Call) -> ApiResponse:
        """Undo an import, or cancel it if it is running. With `cancel=true`, never undoes it."""
        state = await self._writable(call)
        id = state.id
        add_details(import_id=id)
        only_cancel, problems = read_flag_parameter(call.query, "cancel")
        refuse(problems)
        if state.status == "running" and await asyncio.to_thread(self._jobs.cancel, id):
            response = success(msgspec.json.encode(state), Meta(call.request_id))
            response.status = 202
            return response
        if only_cancel:
            raise problem(CONFLICT, f"Import {id} cannot be cancelled: it has ended, or runs on the command line")
        undone = await self._with_store(lambda store: self._undo_all(store, id, state.interrupted), changes=True)
        add_details(restored=undone.restored, deleted=undone.deleted)
        return success(msgspec.json.encode(undone), Meta(call.request_id))

    def _undo_all(self, store: Store, id: int, interrupted: bool) -> UndoneImport:
        if interrupted:
            store.update_import(id, "failed", None)  # a running import cannot be undone
        restored = deleted = count = 0
        kept = list[KeptRecord]()
        for done in undo_in_steps(store, id, self._pace(store)):
            restored, deleted, count = restored + done.restored, deleted + done.deleted, count + len(done.kept)
            damaged = set(done.damaged)
            kept += [KeptRecord(*one, damaged=one in damaged) for one in done.kept[: _MOST - len(kept)]]
        return UndoneImport(id, restored, deleted, count, kept)

    async def _writable(self, call: Call) -> ImportState:
        """The import in the path. Raises LetricsError: not_found comes before forbidden."""
        state = await self._state(read_id(call, "import"))
        require_write(call, "Imports")
        return state

    async def _state(self, id: int) -> ImportState:
        running = {id} if await asyncio.to_thread(self._jobs.is_running, id) else ()
        return self._as_state(await self._with_store(lambda store: store.find_import(id)), running)

    def _as_state(self, record: ImportRecord, running: Container[int]) -> ImportState:
        """The import as clients see it. `running` are the imports whose processes ran on this host before the record
        was read: an import that ends meanwhile is not interrupted. One on the command line is, if its process has
        ended. One on another host is, if it has not reported for some time."""
        values = {name: getattr(record, name) for name in record.__struct_fields__}
        values["report"] = {name: value for name, value in record.report.items() if name != PROCESS}
        may_run = record.user is None or self._is_shared
        reports = may_run and abs(parse_time(now()) - parse_time(record.updated_at)) < SILENT_MS
        is_alive = record.id in running or is_process_alive(record, reports)
        return ImportState(**values, interrupted=record.status == "running" and not is_alive)

    async def _with_store(self, work: Callable[[Store], _Result], *, changes: bool = False) -> _Result:
        try:
            return await (with_store if changes else read_store)(self._open_store, work)
        except UnknownImport as error:
            raise problem(NOT_FOUND, f"{str(error)[0].upper()}{str(error)[1:]}") from None
        except NotUndoable as error:
            raise problem(CONFLICT, f"{str(error)[0].upper()}{str(error)[1:]}") from None


def _read_upload(query: bytes) -> tuple[dict[str, str], list[str]]:
    """The parameters of an upload, and the options of `letrics import` for them. Raises LetricsError."""
    pairs, problems = read_pairs(query)
    known = (*_OPTIONS, *_FLAGS, "map", "filename", "upload")
    given: dict[str, str] = {}
    options: list[str] = []
    for name, value in pairs:
        name = name.removesuffix("[]")
        if name not in known:
            problems.setdefault(
                name, f"{shown(name)} is not a parameter of this path: available are {', '.join(known)}"
            )
        elif "\0" in value or len(value) > _MAX_VALUE:
            details = f"{name} {shown(value)} must have at most {_MAX_VALUE:,} characters, and no null characters"
            problems.setdefault(name, details)
        elif name == "map" and value:
            options.append(f"--map={value}")
        elif name in given:
            problems[name] = f"{name} takes one value and is given twice: send it once"
        elif value:
            given[name] = value
    if given.get("kind", "contacts") not in KINDS:
        problems["kind"] = f"kind {shown(given['kind'])} must be contacts or companies"
    for name in _FLAGS:
        if given.get(name, "false") not in ("true", "false"):
            problems[name] = f"{name} {shown(given[name])} must be true or false"
    if not given.get("skip_lines", "0").isdigit():
        problems["skip_lines"] = f"skip_lines {shown(given['skip_lines'])} must be a number of lines"
    refuse(problems)
    options += [f"{option}={given[name]}" for name, option in _OPTIONS.items() if name in given]
    options += [option for name, option in _FLAGS.items() if option is not None and given.get(name) == "true"]
    return given, options


def _as_parameters(details: str) -> str:
    """An error of `letrics import`, with the parameters of an upload instead of its options."""
    return _OPTION.sub(lambda option: f"{option[1].replace('-', '_')}=", details)


async def _parts(path: Path) -> AsyncGenerator[bytes, None]:
    with path.open("rb") as file:
        while part := await asyncio.to_thread(file.read, _PART):
            yield part
