"""Runs a scenario against the real store, parser and engine, and against the model: Mismatch where they differ."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from letrics.engines.base import SearchEngine, SearchRequest, Window
from letrics.errors import LetricsError
from letrics.fields import facet_fields
from letrics.query import Request, parse_request
from letrics.query.cursor import encode_cursor
from letrics.query.predicate import Predicate
from letrics.records import Kind
from letrics.search import SearchService
from letrics.store.documents import LocalDocuments
from tests.matrix.engines import merge, save
from tests.matrix.pairs import DEFAULT, Pair
from tests.property.bookkeeping import Bookkeeper, Mismatch
from tests.property.model import Answer, Model, Refused
from tests.property.reading import folded
from tests.property.scenario import Ask, Change, Delete, Merge, PutCompanies, PutContacts, Reload, Step, Walk

BUDGET_MS = 60_000


class Judge:
    """One world: a store and an engine on one side, the model on the other."""

    def __init__(self, home: Path, pair: Pair = DEFAULT) -> None:
        self.home = home
        self.pair = pair
        self.store = pair.store(home).open(create=True)
        self.model = Model()
        self.books = Bookkeeper(self.store, self.model)
        self._start()

    def _start(self) -> None:
        """Start an engine, from what was saved if anything was."""
        made = self.pair.engine(self.home, BUDGET_MS)
        made.load(self.store)
        self._made, self._target = made, made.target()

    @property
    def engine(self) -> SearchEngine:
        return self._made.engine

    async def step(self, step: Step) -> None:
        match step:
            case Ask():
                self.follow()
                await self.ask(step)
            case Walk():
                await self.walk(step)
            case _:
                self.change(step)

    def change(self, step: Change) -> None:
        match step:
            case PutCompanies(patches):
                self.books.put_companies(patches)
            case PutContacts(patches):
                self.books.put_contacts(patches)
            case Delete(kind, ids):
                self.books.delete(kind, ids)
            case Reload():
                save(self._made, self.home)
                self._start()
            case Merge():
                merge(self._made, self.store)

    def follow(self) -> None:
        while self._target.apply(self.store):
            pass

    async def ask(self, ask: Ask) -> None:
        try:
            expected = self.model.search(ask.kind, ask.body)
        except Refused as refusal:
            self._refused(ask, refusal)
            return
        request = parse_request(ask.kind, ask.body)
        await self._page(request, expected)
        if ask.whole:
            self._judged_alone(ask, request)
        _same("filters", request.filters, expected.filters)
        _same("warnings", [warning.field for warning in request.warnings], expected.warnings)
        found = await self.engine.search(SearchRequest(request.query, unmatched=True))
        unmatched = [(u.field, u.value) for u in found.unmatched]
        _same("unmatched", list(dict.fromkeys(unmatched)), list(dict.fromkeys(expected.unmatched)))
        if ask.whole:
            await self._whole(ask, request)
            await self._facets(ask, request)

    def _refused(self, ask: Ask, refusal: Refused) -> None:
        try:
            parse_request(ask.kind, ask.body)
        except LetricsError as error:
            if refusal.fields.isdisjoint({str(problem.field) for problem in error.problems}):
                raise Mismatch(f"refused for {error}, expected {refusal}") from None
        else:
            raise Mismatch(f"not refused: {refusal}")

    async def _page(self, request: Request, expected: Answer) -> list[int]:
        offset = ((request.page or 1) - 1) * request.per_page
        window = Window(request.order, offset, request.after, request.per_page)
        hits = await self.engine.search(SearchRequest(request.query, window))
        _same("total", hits.total, expected.total)
        _same("nums", list(hits.nums), expected.nums)
        _same("more", hits.more, expected.more)
        documents = self.store.documents(request.query.kind, hits.nums)
        _same("ids", [document and msgspec.json.decode(document)["id"] for document in documents], expected.ids)
        return list(hits.nums)

    def _judged_alone(self, ask: Ask, request: Request) -> None:
        """Each record is judged by its document as it is by the model."""
        predicate, end = Predicate(request.query), self.store.counts()
        nums = range(end.next_contact if ask.kind == "contacts" else end.next_company)
        documents = zip(nums, self.store.documents(ask.kind, nums), strict=True)
        passing = [num for num, document in documents if document is not None and predicate.matches(document)]
        _same("predicate", passing, [held.num for held in self.model.hits(ask.kind, ask.body)])

    async def _whole(self, ask: Ask, request: Request) -> None:
        """Every page, by number and by cursor, is the same list; the filters sent back ask the same."""
        bare = {name: value for name, value in ask.body.items() if name != "page"}
        everything = [held.num for held in self.model.hits(ask.kind, bare)]
        if request.order == "newest":
            everything.reverse()
        by_page: list[int] = []
        for page in range(1, len(everything) // request.per_page + 3):
            if page <= 12 or page * request.per_page >= len(everything) - request.per_page:
                body = bare | {"page": page}
                by_page += await self._page(parse_request(ask.kind, body), self.model.search(ask.kind, body))
            else:
                by_page += everything[(page - 1) * request.per_page : page * request.per_page]
        _same("pages joined", by_page, everything)
        if len(everything) // request.per_page < 40:
            _same("cursor walk", await self._cursors(ask.kind, bare), everything)
        again = parse_request(ask.kind, request.filters)
        _same("filters of filters", again.filters, request.filters)
        _same("total of filters", (await self.engine.search(SearchRequest(again.query))).total, len(everything))

    async def _facets(self, ask: Ask, request: Request) -> None:
        """The values of each field with facets and the number of matches that have them, the most common first."""
        fields = tuple(facet_fields(ask.kind))
        result = await self.engine.search(SearchRequest(request.query, facets=fields, facet_size=100_000))
        for field, found in zip(fields, result.facets, strict=True):
            counts = [one.count for one in found]
            _same(f"order of facet {field.name}", counts, sorted(counts, reverse=True))
            expected = self.model.facet(ask.kind, ask.body, field.name)
            _same(f"facet {field.name}", {folded(one.value): one.count for one in found}, expected)

    async def _cursors(self, kind: Kind, body: dict[str, Any]) -> list[int]:
        met: list[int] = []
        request = parse_request(kind, body)
        while True:
            expected = self.model.search(kind, body, met[-1] if met else None)
            met += await self._page(request, expected)
            if not expected.more:
                return met
            cursor = encode_cursor(request.query, request.order, met[-1])
            request = parse_request(kind, body | {"cursor": cursor})

    async def walk(self, walk: Walk) -> None:
        """By cursor while the world changes: what matches throughout is met exactly once, in order."""
        met: list[int] = []
        try:
            request = parse_request(walk.kind, walk.body)
            always, ever = self._matching(walk), self._matching(walk)
        except (LetricsError, Refused):
            return
        changes = list(walk.between)
        while True:
            self.follow()
            window = Window(request.order, 0, request.after, request.per_page)
            hits = await self.engine.search(SearchRequest(request.query, window))
            met += hits.nums
            if not hits.more:
                break
            cursor = encode_cursor(request.query, request.order, met[-1])
            if changes:
                self.change(changes.pop(0))
                always &= self._matching(walk)
                ever |= self._matching(walk)
                await self._behind(walk)
            request = parse_request(walk.kind, walk.body | {"cursor": cursor})
        _same("order of the walk", met, sorted(set(met), reverse=request.order == "newest"))
        _same("missed by the walk", always - set(met), set())
        _same("met though never matching", set(met) - ever, set())

    async def _behind(self, walk: Walk) -> None:
        """While the engine is behind the log, a page and an export have no record that does not match."""
        service = SearchService(self.engine, LocalDocuments(self.store))
        body = {name: value for name, value in walk.body.items() if name != "fields"}
        request, now = parse_request(walk.kind, body), self.model.hits(walk.kind, body)
        page = await service.page(request)
        walked = [document async for part in service.walk(request.query, request.order) for document in part]
        for shown in (page.documents, walked):
            ids = [msgspec.json.decode(document)["id"] for document in shown]
            _same("shown behind the log, matching no more", set(ids) - {held.id for held in now}, set())
        _same("page behind the log", page.documents, walked[: len(page.documents)])

    def _matching(self, walk: Walk) -> set[int]:
        return {held.num for held in self.model.hits(walk.kind, walk.body)}


def _same(what: str, got: object, expected: object) -> None:
    if got != expected:
        raise Mismatch(f"{what}: got {got!r}, expected {expected!r}")


class Failed(Exception):
    """A scenario failed at step `at`."""

    def __init__(self, at: int, cause: Exception) -> None:
        self.at = at
        self.cause = cause
        super().__init__(f"step {at}: {type(cause).__name__}: {cause}")


def run(steps: Sequence[Step], pair: Pair = DEFAULT) -> None:
    """Run a scenario in a separate directory. Raises Failed at the first disagreement or crash."""
    directory = TemporaryDirectory(prefix="letrics-judge-", ignore_cleanup_errors=True)
    with directory as path, asyncio.Runner() as loop:
        judge = Judge(Path(path), pair)
        try:
            for at, step in enumerate(steps):
                try:
                    loop.run(judge.step(step))
                except Exception as error:
                    raise Failed(at, error) from error
        finally:
            judge.store.close()
