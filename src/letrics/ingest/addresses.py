"""Columns of several addresses of one record, such as `Billing City` and `Shipping City`.

The city of one address and the country of another make no location, so that each row uses one address as a whole: the
first that it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from letrics.ingest.aliases import header_key

ADDRESSES: Final = 4
"""The maximum number of addresses of a record. Further columns belong to the last one."""
PER_ADDRESS: Final = 10
"""The difference between the ranks of the columns of one address and the next."""
_QUALIFIER: Final = re.compile(
    r"billing|invoice|rechnung|facturation|facturacion|fatturazione|faturamento|factuur|"
    r"shipping|delivery|liefer|livraison|envio|spedizione|entrega|aflever|"
    r"mailing|postanschrift|correspondence|bezoek|visiting|registered|permanent|temporary|"
    r"legal|physical|postal(?!code)|residen|personal|"
    r"other(?!wise)|altern|weitere|autre|altro|outro|andere?r?(?:adres|ort|strasse|plaats)|"
    r"home|privat|prive|particular|business|work|geschaftlich|dienstlich|zakelijk|professionnel|"
    r"address[1-4]|adresse[1-4]|default|secondary|second|primary"
)
"""Matches what distinguishes addresses in the key of a header."""
_SAME_HEADER: Final = re.compile(r"\([0-9]{1,3}\)$")
"""Matches the end of the name of the second and of later columns with the same header."""


class AddressPart(NamedTuple):
    """A column with a part of an address: its header, its field and its rank."""

    name: str
    field: str
    rank: int


def number_addresses(parts: Sequence[AddressPart]) -> list[int]:
    """Return the number of the address of each column. 0 is the preferred one.

    The order is that of the lowest rank, then of the columns. Columns that name no address belong to the first one if
    it lacks their fields: `Country` with `Business City`.
    """
    groups: dict[str, list[AddressPart]] = {}
    for part in parts:
        groups.setdefault(address_qualifier(part.name), []).append(part)
    order = sorted(groups, key=lambda qualifier: min(part.rank for part in groups[qualifier]))
    numbers = {qualifier: min(number, ADDRESSES - 1) for number, qualifier in enumerate(order)}
    if len(order) > 1 and "" in order:
        joined = order[0] or order[1]
        if _fields(groups[joined]).isdisjoint(_fields(groups[""])):
            rest = [qualifier for qualifier in order if qualifier not in ("", joined)]
            numbers = {qualifier: min(number, ADDRESSES - 1) for number, qualifier in enumerate(rest, 1)}
            numbers |= {"": 0, joined: 0}
    return [numbers[address_qualifier(part.name)] for part in parts]


def _fields(parts: Iterable[AddressPart]) -> set[str]:
    return {part.field for part in parts}


def address_qualifier(name: str) -> str:
    """Return what distinguishes the address of a header from others; an empty text if nothing does."""
    repeated = _SAME_HEADER.search(name)
    found = repeated or _QUALIFIER.search(header_key(name))
    return found[0] if found else ""


def numbered(member: str, number: int) -> str:
    """Return the name of a part of an address other than the first: `city@1`."""
    return f"{member}@{number}" if number else member


def all_numbered(members: Iterable[str]) -> frozenset[str]:
    """Return the names of parts in all addresses."""
    return frozenset(numbered(member, number) for member in members for number in range(ADDRESSES))
