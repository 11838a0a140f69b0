"""A small random world of records: in a log that an index follows, and as plain records that a test filters itself."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any, cast

from letrics.engines.bitmap.columns.table import ColumnStore
from letrics.engines.bitmap.costs import Costs
from letrics.engines.bitmap.index.index_writer import IndexWriter, no_pause
from letrics.engines.bitmap.index.merge_policy import apply_changes
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache
from letrics.fields import Fact
from letrics.normalize.place import place_label
from letrics.normalize.text import fold_words
from letrics.normalize.time import format_time, parse_time
from letrics.normalize.title_words import split_words, words_key
from letrics.query.clauses import AllOf, AnyOf, Between, Clause, Contains, Flag, NoneOf, Query
from letrics.records import Company, ContactBody, Email, EmployeesRange, Kind, Place
from letrics.store.base import Store
from tests.engines.bitmap.log import MemoryLog, company, contact

START_MS = 1_767_225_600_000
DAY_MS = 86_400_000
INDUSTRIES = ("Software", "Banks", "Steel", "Mining", "Raw Steel", "Nonsteel", "Software ")
TECHNOLOGIES = ("React", "Kubernetes", "Go", "R", "C++")
PLACES = (
    Place(city="Berlin", country="Germany", country_code="DE", continent="Europe", text="Berlin, Germany"),
    Place(city="Lyon", country="France", country_code="FR", continent="Europe", text="Lyon, France"),
    Place(country="Nigeria", country_code="NG", continent="Africa", text="Nigeria"),
)
COMPANY_NAMES = ("Acme Steel", "Acme", "Blue & Co", "Nord Bank", "Steel of Berlin", None)
TITLES = ("Head of Sales", "Sales Manager", "VP, R&D", "Office Manager", "head of sales", "経理", None)
NAMES = ("Ada Lovelace", "Jane O'Neil", "Søren K", None)
DEPARTMENTS = ("Sales", "IT", "sales", None)
ENDINGS = ("com", "de", "co.uk", "example")


class World:
    """Companies and contacts by num. A contact is stored with the num of its company."""

    def __init__(self, rng: Random, companies: int = 25, contacts: int = 60, log: MemoryLog | None = None) -> None:
        self.rng = rng
        self.log = log or MemoryLog()
        self.companies: dict[int, Company] = {}
        self.contacts: dict[int, tuple[int, ContactBody]] = {}
        self._next = {"companies": 0, "contacts": 0}
        self.add(companies, contacts)

    @property
    def store(self) -> Store:
        """The log, as what an index follows."""
        return cast("Store", self.log)

    # --- changes

    def add(self, companies: int, contacts: int) -> None:
        """Add new records."""
        self._put({self._number("companies"): None for _ in range(companies)}, {})
        employers = {self._number("contacts"): self.rng.choice(list(self.companies)) for _ in range(contacts)}
        self._put({}, employers)

    def change(self) -> None:
        """Change, delete and add a few records of each kind."""
        rng = self.rng
        changed = rng.sample(sorted(self.contacts), min(4, len(self.contacts)))
        self._put(dict.fromkeys(rng.sample(sorted(self.companies), 2)), {num: self.contacts[num][0] for num in changed})
        gone = set(rng.sample(sorted(self.companies), 1))
        left = {num for num, (employer, _) in self.contacts.items() if employer in gone}
        left |= set(rng.sample(sorted(self.contacts), min(2, len(self.contacts))))
        self.log.remove(tuple(gone), tuple(left))
        self.companies = {num: record for num, record in self.companies.items() if num not in gone}
        self.contacts = {num: held for num, held in self.contacts.items() if num not in left}
        self.add(2, 5)

    def _number(self, kind: Kind) -> int:
        self._next[kind] += 1
        return self._next[kind] - 1

    def _put(self, companies: dict[int, None], contacts: dict[int, int]) -> None:
        new_companies = {num: self._company(num) for num in companies}
        new_contacts = {num: (employer, self._contact(num)) for num, employer in contacts.items()}
        self.companies |= new_companies
        self.contacts |= new_contacts
        self.log.put(new_companies, new_contacts)

    def _company(self, num: int) -> Company:
        rng = self.rng
        known = self.companies.get(num)
        domain = known.id if known else f"company{num}.{rng.choice(ENDINGS)}"
        return company(
            domain,
            name=rng.choice(COMPANY_NAMES),
            locations=tuple(rng.sample(PLACES, rng.randrange(3))),
            industries=tuple(rng.sample(INDUSTRIES, rng.randrange(3))),
            technologies=tuple(rng.sample(TECHNOLOGIES, rng.randrange(4))),
            emails=(Email(f"info@{domain}", "generic"),) if rng.random() < 0.3 else (),
            employees=rng.choice((None, 1, 50, 900)),
            employees_range=rng.choice(
                (None, EmployeesRange(2, 59), EmployeesRange(None, 1), EmployeesRange(61, None))
            ),
            added_at=self._time(),
            updated_at=self._time(),
        )

    def _contact(self, num: int) -> ContactBody:
        rng = self.rng
        return contact(
            f"c{num}",
            full_name=rng.choice(NAMES),
            job_title=rng.choice(TITLES),
            department=rng.choice(DEPARTMENTS),
            is_decision_maker=rng.choice((None, True, False)),
            emails=(Email(f"p{num}@Mail.example", "personal"),) if rng.random() < 0.5 else (),
            locations=tuple(rng.sample(PLACES, rng.randrange(3))),
            added_at=self._time(),
            updated_at=self._time(),
        )

    def _time(self) -> str:
        return format_time(START_MS + DAY_MS * self.rng.randrange(20))

    # --- what is true of a record

    def of_kind(self, kind: Kind) -> list[int]:
        """The nums of all records of a kind, ascending."""
        return sorted(self.companies if kind == "companies" else self.contacts)

    def owner(self, kind: Kind, num: int, fact: Fact) -> Any:
        """The record that has the fact: the one with this num, or its company."""
        if kind == "companies":
            return self.companies[num]
        employer, body = self.contacts[num]
        return body if fact.owner == "contact" else self.companies[employer]

    def keys(self, kind: Kind, num: int, fact: Fact) -> set[str]:
        """The values of a record, in the form in which they are compared."""
        texts = fact.of(self.owner(kind, num, fact))
        return set(texts) if fact.kind == "keys" else set(map(fact.key, texts))

    def labels(self, kind: Kind, num: int, fact: Fact) -> set[str]:
        """The values of a record as they are counted and suggested, folded if the first spelling seen is shown."""
        if fact.kind == "text":
            return {self.text(kind, num, fact)} - {""}
        keys = self.keys(kind, num, fact)
        return {str(place_label(key)) for key in keys} if fact.label is not None else keys

    def text(self, kind: Kind, num: int, fact: Fact) -> str:
        return fold_words(fact.of(self.owner(kind, num, fact)) or "")

    def number(self, kind: Kind, num: int, fact: Fact) -> int | None:
        """The time or number of a record."""
        if fact.later_of is not None:
            times = [self.number(kind, num, part) for part in fact.later_of]
            return max(time for time in times if time is not None)
        found = fact.of(self.owner(kind, num, fact))
        return parse_time(found) if fact.kind == "time" else found

    def is_match(self, kind: Kind, num: int, clause: Clause) -> bool:
        """Whether a record matches a clause."""
        match clause:
            case AnyOf(_, fact, terms):
                return any(key in self.keys(kind, num, fact) for term in terms for key in term.keys)
            case NoneOf(_, fact, terms):
                return not any(key in self.keys(kind, num, fact) for term in terms for key in term.keys)
            case AllOf(_, fact, terms, exclude):
                keys = self.keys(kind, num, fact)
                return all(any(key in keys for key in term.keys) for term in terms) != exclude
            case Contains(_, fact, terms, exclude):
                text = self.text(kind, num, fact)
                words = words_key(split_words(text))
                wanted = [key for term in terms for key in term.keys]
                return any(key in (words if key.startswith("\n") else text) for key in wanted) != exclude
            case Flag(_, fact, exclude):
                return bool(fact.of(self.owner(kind, num, fact))) != exclude
            case Between(_, fact, low, high):
                value = self.number(kind, num, fact)
                if value is None and fact.band is not None:
                    least, most = (self.number(kind, num, end) for end in fact.band)
                    return least is not None and most is not None and most >= (low or 0) and least <= (high or most)
                return value is not None and (low is None or low <= value) and (high is None or value <= high)

    def matches(self, query: Query) -> list[int]:
        """The nums of all records that match a query, ascending."""
        return [
            num
            for num in self.of_kind(query.kind)
            if all(self.is_match(query.kind, num, clause) for clause in query.clauses)
        ]

    # --- requests

    def body(self, kind: Kind) -> dict[str, Any]:
        """A random request of one to four fields."""
        rng = self.rng
        day = format_time(START_MS + DAY_MS * rng.randrange(20))[:10]
        domains = [record.domain for record in self.companies.values()]
        fields: dict[str, Any] = {
            "industries": self._some(INDUSTRIES),
            "exclude_industries": self._some(INDUSTRIES),
            "technologies": self._some(TECHNOLOGIES),
            "technologies_all": self._some(TECHNOLOGIES),
            "exclude_technologies_all": self._some(TECHNOLOGIES),
            "locations": self._some(("Germany", "Lyon, France", "Europe", "Africa", "Peru")),
            "tlds": self._some(("uk", "co.uk", "de", "org")),
            "domains": self._some((*domains, "unknown.example")),
            "exclude_domains": self._some(domains),
            "company_names": self._some(("steel", "acme", "of berlin", "& co", "zzz")),
            "employees_min": rng.choice((1, 2, 50)),
            "employees_max": rng.choice((60, 1000)),
            "added_after": day,
            "updated_before": day,
        }
        if kind == "contacts":
            fields |= {
                "job_titles": self._some(("sales", "head of", "manager", "r&d", "理", "zzz")),
                "job_title_words": self._some(
                    ("sales", "vp", "head of sales", "manager", "r & d", "zzz", "sales head")
                ),
                "exclude_job_titles": self._some(("sales", "head of", "office")),
                "full_names": self._some(("ada", "o'neil", "n k")),
                "contact_locations": self._some(("Germany", "Lyon, France", "Europe", "Peru")),
                "departments": self._some(("sales", "IT", "Law")),
                "emails": self._some([f"p{num}@mail.example" for num in range(9)]),
                "contact_added_after": day,
                "is_decision_maker": True,
                "has_personal_email": True,
                "company_has_generic_email": True,
            }
        return {name: fields[name] for name in rng.sample(sorted(fields), rng.randrange(1, 5))}

    def _some(self, values: Any) -> list[str]:
        return self.rng.sample(list(values), self.rng.randrange(1, 4))


def write_index(world: World, costs: Costs) -> IndexWriter:
    """A writer with one base segment of everything that is in the log."""
    columns = ColumnStore(costs)
    for changes in world.log.scan(1):
        apply_changes(columns, changes, no_pause, 7)
    return IndexWriter.merged(columns, world.log.position(), BitmapCache(), costs)


def follow(writer: IndexWriter, world: World, limit: int = 9) -> None:
    """Apply all new changes, in small batches and without a full merge, so that there are several segments."""
    while writer.advance(world.store, limit, rebase=False):
        pass


def changing_worlds(rng: Random, costs: Costs, changes: int = 3) -> Iterator[tuple[World, IndexWriter]]:
    """A world and its index: after loading, and after each of some changes."""
    world = World(rng)
    writer = write_index(world, costs)
    yield world, writer
    for _ in range(changes):
        world.change()
        follow(writer, world)
        yield world, writer
