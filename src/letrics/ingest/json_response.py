"""Shape of a JSON file, and the records in the response of an API: an object with a list of them, perhaps in others.

Only lists with usual names count, such as `results` or `people`. An object whose fields describe a record is no
response, except for a company with a list of its people, as in Hunter: each person then gets the facts of the company.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final, Literal, NamedTuple

import msgspec

from letrics.ingest.aliases import ONLY
from letrics.ingest.columns import PERSON_FIELDS, SITES
from letrics.ingest.kinds import is_column_name
from letrics.ingest.nested_companies import is_of_other_company
from letrics.ingest.recognition import mentions_company, recognise
from letrics.ingest.rows import Members

Shape = Literal["lines", "objects", "array"]
"""The shape of a JSON file. "array" begins after the `[`, whatever is before it."""

_PEOPLE: Final = frozenset(
    {
        "contacts", "people", "persons", "leads", "prospects", "connections", "profiles", "users", "members",
        "employees",
    }
)  # fmt: skip
"""The names of lists of people in responses."""
_COMPANIES: Final = frozenset({"companies", "accounts", "organizations", "organisations", "sales_accounts"})
"""The names of lists of companies in responses."""
_LISTS: Final = _PEOPLE | _COMPANIES | {
    "data", "records", "results", "result", "items", "rows", "hits", "entries", "objects", "elements", "list",
    "values", "value", "response", "entities", "matches", "edges", "@graph", "clients", "customers",
}  # fmt: skip
"""The names of lists of records in responses, and of objects around them."""
_ADDRESSES: Final = "emails"
"""The name of a list that has people if it is in a company, and addresses otherwise."""
_ADDRESS: Final = "value"
"""The key of the address in such a list."""
_MAX_FACT: Final = 1_000
"""The maximum size of a fact about a company, in bytes of JSON."""
_MAX_FACTS: Final = 8_000
"""The maximum size of all facts about a company, in bytes of JSON. Each row repeats them."""
_ID: Final = re.compile(r"[0-9]+|[0-9a-fA-F]{8}[0-9a-fA-F-]*")
"""Matches the id of a record as a key: a number, or hexadecimal digits."""
_SPACE: Final = " \t\r\n"

_decode: Final = json.JSONDecoder().raw_decode


class FoundRows(NamedTuple):
    """The list of records of a response: its name, the position after its `[`, and the number of objects around it.

    `facts` are those of the company that the people of the list have in common. With `is_map`, the list is an object
    whose keys are the ids of the records, as in Lusha.
    """

    name: str
    start: int
    depth: int
    facts: Members
    is_map: bool = False


def find_shape(head: str) -> tuple[Shape, FoundRows | None]:
    """Return the shape of a JSON file that begins with `head`, without a byte order mark.

    For an array in a response, also returns where it is. Each line of a file may be a response.
    """
    text = head.lstrip()
    if text.startswith("["):
        return "array", None
    if not text.startswith("{"):
        return "lines", None
    first_line, *more = text.split("\n", 1)
    is_lines = more and more[0].lstrip().startswith("{") and first_line.rstrip().endswith("}")
    found = find_rows_of_line(first_line) if is_lines else find_rows(text)
    if found is not None:
        return "array", found
    if is_lines:
        return "lines", None
    return "objects" if more and first_line.rstrip()[-1:] in ("{", "[", ",", ":") else "lines", None


def find_rows(text: str) -> FoundRows | None:
    """Find the first list of records of the object with which `text` begins.

    Returns None if the object describes a record itself, or is longer than the text up to the list.
    """
    try:
        return _find(text)
    except (ValueError, IndexError, RecursionError):
        return None


def find_rows_of_line(line: str) -> FoundRows | None:
    """Find the list of records of a line that is one of several. Returns None if the line may be a record.

    A record can have a list, too, such as the profiles of a person or the people of a company.
    """
    found = find_rows(line)
    if found is None or (found.facts and found.depth == 1):
        return None
    try:
        fields: Members = json.loads(line)
    except (ValueError, RecursionError):
        return None
    is_record = any(is_column_name(name) for name in fields if name.lower() not in _LISTS)
    return None if is_record else found


def _find(text: str) -> FoundRows | None:
    fields: Members = {}
    depth, place = 1, _skip(text, 1)
    while True:
        while text[place] in ",}":
            depth -= text[place] == "}"
            if not depth:
                return None
            place = _skip(text, place + 1)
        if text[place] != '"':
            return None
        name, place = _decode(text, place)
        place = _skip(text, _skip(text, place) + 1)
        is_list = name.lower() in _LISTS
        if (is_list or name == _ADDRESSES) and text[place] == "[" and text[_skip(text, place + 1)] == "{":
            facts = _company_facts(fields) if name.lower() not in _COMPANIES else {}
            if facts and is_person_object(_decode(text, _skip(text, place + 1))[0]):
                return FoundRows(name, place + 1, depth, facts)
            if is_list and not any(map(is_column_name, fields)):
                return FoundRows(name, place + 1, depth, {})
        if is_list and text[place] == "{":
            if not any(map(is_column_name, fields)) and _is_map(text, _skip(text, place + 1)):
                return FoundRows(name, place + 1, depth, {}, is_map=True)
            depth, place = depth + 1, _skip(text, place + 1)
            continue
        fields[name], place = _decode(text, place)
        place = _skip(text, place)


def _is_map(text: str, place: int) -> bool:
    """Return whether an object begins with the id of a record and an object."""
    if text[place] != '"':
        return False
    name, place = _decode(text, place)
    return _ID.fullmatch(name) is not None and text[_skip(text, _skip(text, place) + 1)] == "{"


def _skip(text: str, place: int) -> int:
    """Return the position of the next character that is not white space."""
    while text[place] in _SPACE:
        place += 1
    return place


def _company_facts(fields: Members) -> Members:
    """The values of the fields that describe a company, as columns of it; none if they do not identify it."""
    facts: Members = {}
    identified = False
    size = 0
    for name, value in fields.items():
        found = recognise("companies", name)
        if found is None or not found.fields or not _is_fact(value):
            continue
        length = len(msgspec.json.encode(value)) + len(name)
        if length > _MAX_FACT or size + length > _MAX_FACTS:
            continue
        size += length
        facts[f"company.{name}"] = value
        field = found.fields[0]
        identified |= found.rank < ONLY and (field in SITES or (field == "name" and mentions_company(name)))
    return facts if identified else {}


def _is_fact(value: Any) -> bool:
    if type(value) is list:
        return bool(value) and all(type(item) is str for item in value)
    return type(value) in (str, int) and value != ""


def is_person_object(item: Members) -> bool:
    """Return whether the keys of an object are those of a person."""
    known = (recognise("contacts", name) for name in item)
    return any(found is not None and not PERSON_FIELDS.isdisjoint(found.fields) for found in known)


def is_same_kind(name: str, other: str) -> bool:
    """Return whether two lists of a response have records of the same kind by their names."""
    return any(name.lower() in names and other.lower() in names for names in (_PEOPLE, _COMPANIES))


def is_list_name(name: str) -> bool:
    """Return whether a list with this name has records."""
    return name.lower() in _LISTS


def complete_row(row: bytes, found: FoundRows) -> bytes:
    """Add the facts to the text of a row of a list. In a list of addresses, `value` becomes `emails.value`.

    A value that is no object is returned as it is, and a person of another company gets no facts.
    """
    if not found.facts:
        return row
    try:
        fields = msgspec.json.decode(row, type=dict[str, msgspec.Raw])
        of_company = {name: msgspec.json.decode(value) for name, value in fields.items() if _names_company(name)}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return row
    if found.name == _ADDRESSES:
        fields = {f"{_ADDRESSES}.{name}" if name == _ADDRESS else name: value for name, value in fields.items()}
    facts = {} if of_company and is_of_other_company(of_company, found.facts) else found.facts
    return msgspec.json.encode(facts | fields)


def _names_company(name: str) -> bool:
    """Return whether a field of a person has its company."""
    found = recognise("contacts", name)
    return found is not None and bool({"company_name", "company_domain", "company_website"}.intersection(found.fields))
