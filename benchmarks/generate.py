"""Data for benchmarks: companies and contacts of any number, the same for the same seed, shaped as real sets are.

Cities, industries, technologies and titles follow Zipf's law; a company uses 0 to 15 of 4,000 technologies and has 1 to
5 places; contacts a company are heavy-tailed and arrive in random order; half of the companies were added on one day.
Rows are drawn with numpy and written as JSON Lines that `letrics import` takes.

    python benchmarks/generate.py --companies 100000 --contacts 1000000 --out DIR [--titles FILE] [--seed N] [--gzip]
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from benchmarks import vocabulary as words
from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.time import format_time

VERSION = 1
"""Raised when the same seed would make other data."""

CHUNK = 50_000
DAY = 86_400_000
NOW = 1_767_225_600_000
ENDINGS = (
    "com",
    "de",
    "co.uk",
    "org",
    "net",
    "io",
    "fr",
    "nl",
    "com.au",
    "co.jp",
    "it",
    "es",
    "ca",
    "ch",
    "se",
    "com.br",
    "in",
    "eu",
    "pl",
    "app",
    "ai",
    "biz",
    "info",
    "us",
    "xn--p1ai",
    "tech",
    "cn",
    "co",
    "at",
    "dk",
)

Ints = npt.NDArray[np.int64]


class Draws:
    """Random draws by the shapes real data has."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.Generator(np.random.PCG64(seed))

    def zipf(self, kinds: int, count: int, exponent: float = 1.0) -> Ints:
        """`count` numbers below `kinds`: number k as often as (k + 1) ** -exponent says."""
        edges: npt.NDArray[np.float64] = np.cumsum((np.arange(kinds) + 2.0) ** -exponent)
        drawn: Ints = np.searchsorted(edges, self.rng.random(count) * edges[-1]).astype(np.int64)
        return drawn

    def counts(self, shares: Sequence[float], count: int) -> Ints:
        """`count` numbers, each k with the share given for it."""
        return self.rng.choice(len(shares), count, p=np.array(shares) / sum(shares)).astype(np.int64)

    def yes(self, share: float, count: int) -> npt.NDArray[np.bool_]:
        return self.rng.random(count) < share

    def moments(self, count: int, years: float, crowd: float) -> Ints:
        """Milliseconds within the last `years`; the share `crowd` on one day, in bursts of one millisecond."""
        spread = NOW - (self.rng.random(count) ** 1.5 * years * 365 * DAY).astype(np.int64)
        bursts = NOW - 40 * DAY + self.rng.integers(0, 20_000, count) * 4_000
        return np.where(self.yes(crowd, count), bursts, spread)


def quoted(texts: Sequence[str]) -> list[str]:
    return [msgspec.json.encode(text).decode() for text in texts]


def places() -> list[str]:
    """Every city the program knows, the most populous first, as JSON objects."""
    known = gazetteer()
    cities = sorted(known.cities(), key=lambda city: -known.populations[city])
    found = []
    for city in cities:
        region, country = known.region_of(city), known.country_of(city)
        place = {
            "city": known.label(city),
            "region": None if region is None else known.label(region),
            "country": None if country is None else known.label(country),
        }
        found.append(msgspec.json.encode({k: v for k, v in place.items() if v}).decode())
    return found


def domain(number: int) -> str:
    share = number * 2654435761 % 2**32 / 2**32  # the same for the same number, so that contacts find their company
    return f"company-{number}.{ENDINGS[int(share**3 * len(ENDINGS))]}"


class Lists:
    """Lists of a varying number of distinct values, drawn by Zipf's law, as the inside of JSON lists."""

    def __init__(self, draws: Draws, values: Sequence[str], exponent: float, shares: Sequence[float]) -> None:
        self.draws, self.values, self.exponent, self.shares = draws, values, exponent, shares

    def draw(self, count: int) -> list[str]:
        sizes = self.draws.counts(self.shares, count)
        ends = np.cumsum(sizes)
        picked = self.draws.zipf(len(self.values), int(ends[-1]), self.exponent).tolist()
        values, start, found = self.values, 0, []
        for end in ends.tolist():
            found.append(",".join(values[k] for k in dict.fromkeys(picked[start:end])))
            start = end
        return found


def company_rows(count: int, seed: int) -> Iterator[bytes]:
    draws = Draws(seed)
    industries = Lists(draws, quoted(words.INDUSTRIES), 0.9, (2, 70, 20, 8))
    functions = Lists(draws, quoted(words.FUNCTIONS), 0.8, (15, 75, 10))
    technologies = Lists(
        draws, quoted(words.technologies(4_000)), 1.0, (20, 8, 8, 8, 8, 8, 7, 6, 5, 4, 4, 3, 3, 3, 3, 2)
    )
    cities = Lists(draws, places(), 0.85, (0, 60, 20, 10, 6, 4))
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        added = draws.moments(size, 5, 0.5)
        seen = np.minimum(added, draws.moments(size, 12, 0.0)) // DAY * DAY
        updated = np.maximum(added, draws.moments(size, 1, 0.1))
        columns = zip(
            range(start, start + size),
            cities.draw(size),
            industries.draw(size),
            functions.draw(size),
            technologies.draw(size),
            draws.yes(0.6, size).tolist(),
            draws.yes(0.7, size).tolist(),
            draws.zipf(20_000, size, 1.1).tolist(),
            draws.rng.integers(1900, 2025, size).tolist(),
            seen.tolist(),
            added.tolist(),
            updated.tolist(),
            strict=True,
        )
        lines = []
        for (
            number,
            city,
            industry,
            function,
            technology,
            mail,
            linked,
            employees,
            founded,
            first,
            add,
            change,
        ) in columns:
            name = domain(number)
            email = f'"info@{name}"' if mail else ""
            profile = f'"https://www.linkedin.com/company/company-{number}"' if linked else "null"
            lines.append(
                f'{{"domain":"{name}","name":"Company {number}","website":"https://www.{name}/","locations":[{city}],'
                f'"industries":[{industry}],"functions":[{function}],"technologies":[{technology}],"emails":[{email}],'
                f'"linkedin_url":{profile},"employees":{employees + 1},"founded_year":{founded},'
                f'"first_seen_at":"{format_time(first)}","added_at":"{format_time(add)}","updated_at":"{format_time(change)}"}}\n'
            )
        yield "".join(lines).encode()


def contact_rows(count: int, companies: int, seed: int, given: Path | None) -> Iterator[bytes]:
    draws = Draws(seed + 1)
    rng = random.Random(seed)
    titles = quoted(words.titles(rng, max(2_000, min(400_000, count // 4)), given))
    departments, seniorities = quoted(words.DEPARTMENTS), quoted(words.SENIORITIES)
    firsts, lasts = quoted(words.FIRST_NAMES), quoted(words.rare_words(rng, 20_000))
    employer = draws.rng.permutation(companies)  # the big ones lie anywhere
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        added = draws.moments(size, 3, 0.2)
        columns = zip(
            range(start, start + size),
            employer[draws.zipf(companies, size, 0.85)].tolist(),
            draws.zipf(len(titles), size, 0.85).tolist(),
            draws.zipf(len(departments), size, 0.7).tolist(),
            draws.zipf(len(seniorities), size, 1.0).tolist(),
            draws.rng.integers(0, len(firsts), size).tolist(),
            draws.rng.integers(0, len(lasts), size).tolist(),
            draws.rng.random(size).tolist(),
            draws.yes(0.6, size).tolist(),
            draws.yes(0.15, size).tolist(),
            added.tolist(),
            np.maximum(added, draws.moments(size, 1, 0.1)).tolist(),
            strict=True,
        )
        lines = []
        for number, at, title, department, seniority, first, last, mail, linked, decides, add, change in columns:
            name = domain(at)
            email = f'"p{number}@{name}"' if mail < 0.7 else f'"office@{name}"' if mail < 0.75 else ""
            profile = f'"https://www.linkedin.com/in/p-{number}"' if linked else "null"
            lines.append(
                f'{{"id":"c{number}","first_name":{firsts[first]},"last_name":{lasts[last]},'
                f'"job_title":{titles[title] if mail > 0.03 else "null"},"department":{departments[department]},'
                f'"seniority":{seniorities[seniority]},"is_decision_maker":{"true" if decides else "false"},'
                f'"emails":[{email}],'
                f'"linkedin_url":{profile},"company_domain":"{name}","added_at":"{format_time(add)}",'
                f'"updated_at":"{format_time(change)}"}}\n'
            )
        yield "".join(lines).encode()


def write(path: Path, chunks: Iterator[bytes], compressed: bool) -> Path:
    """Write beside and rename, so that a file that exists is whole."""
    path = path.with_name(path.name + ".gz") if compressed else path
    beside = path.with_name(path.name + ".part")
    with beside.open("wb") as plain, gzip.open(plain, "wb", 1) if compressed else nullcontext(plain) as file:
        for chunk in chunks:
            file.write(chunk)
    beside.rename(path)
    return path


def generate(
    out: Path, companies: int, contacts: int, seed: int, titles: Path | None, compressed: bool = False
) -> tuple[Path, Path]:
    """Both files, made where they are missing."""
    out.mkdir(parents=True, exist_ok=True)
    one, other = out / "companies.jsonl", out / "contacts.jsonl"
    if not one.exists() or compressed:
        one = write(one, company_rows(companies, seed), compressed)
    if not other.exists() or compressed:
        other = write(other, contact_rows(contacts, companies, seed, titles), compressed)
    return one, other


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, default=100_000)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--titles", type=Path, help="real job titles, one a line, to build on")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--gzip", action="store_true")
    given = parser.parse_args()
    for path in generate(given.out, given.companies, given.contacts, given.seed, given.titles, given.gzip):
        print(path, file=sys.stderr)


if __name__ == "__main__":
    main()
