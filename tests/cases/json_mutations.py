"""Random changes of JSON files with objects, as other versions of an API and people who edit responses make them."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from tests.cases.importing import INPUTS
from tests.cases.mutations import PLACEHOLDERS

NAMES: Final = (
    "company", "organization", "account", "properties", "data", "emails", "email", "phone_numbers", "location",
    "locations", "employment_history", "current", "name", "title", "value", "domain", "results", "people", "companies",
    "id", "a.b", "", "x" * 300,
)  # fmt: skip
"""Names of objects and fields that change what is below them."""
VALUES: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 1.5, 10**15, [], {}, [[]], [{}], [None], {"a": {"b": {}}}, {"value": None}, [{"value": "x"}, 7],
    {"min": 1, "max": 2}, {"name": "Other", "domain": "other.example"}, *PLACEHOLDERS,
)  # fmt: skip
"""Values in the place of others."""


@dataclass(frozen=True)
class Document:
    """The value of a JSON file. `name` begins with the kind of its records."""

    name: str
    value: Any


def read_documents() -> list[Document]:
    """The values of all JSON inputs with objects."""
    documents = [Document(path.stem, json.loads(path.read_bytes())) for path in sorted(INPUTS.glob("*.json"))]
    mixed = INPUTS / "contacts_of_mixed_objects.jsonl"
    return [*documents, Document(mixed.stem, list(map(json.loads, mixed.read_bytes().splitlines())))]


def change_document(document: Document, others: list[Document], random: Random) -> Document:
    """The document after one random change of one of its values."""
    value = copy.deepcopy(document.value)
    places = [(value, key) for key in _keys(value)]
    for holder, key in places:
        places += [(holder[key], inner) for inner in _keys(holder[key])]
    if not places:
        return document
    holder, key = random.choice(places)
    match random.randrange(8):
        case 0:
            holder[key] = copy.deepcopy(random.choice(VALUES))
        case 1:
            del holder[key]
        case 2:
            holder[key] = {random.choice(NAMES): holder[key]}
        case 3:
            holder[key] = [holder[key]] * random.randint(1, 3)
        case 4 if isinstance(holder, dict):
            holder[random.choice(NAMES)] = holder.pop(key)
        case 5 if isinstance(holder, dict):
            holder[random.choice(NAMES)] = copy.deepcopy(holder[key])
        case 6:
            other = random.choice(others).value
            holder[key] = copy.deepcopy(random.choice([other[inner] for inner in _keys(other)] or [other]))
        case _:
            for _ in range(random.randint(1, 10)):
                holder[key] = {random.choice(NAMES): holder[key]}
    return Document(document.name, value)


def _keys(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value)
    return list(range(len(value))) if isinstance(value, list) else []


def write_document(document: Document, random: Random) -> tuple[str, bytes]:
    """The end of a file's name, and the document as JSON, or each of its values in a line."""
    value, indent = document.value, random.choice((None, None, 1))
    if isinstance(value, list) and random.random() < 0.3:
        return ".jsonl", "\n".join(map(json.dumps, value)).encode()
    if random.random() < 0.2:
        return ".json", "\n".join([json.dumps(value, indent=indent)] * 2).encode()
    return ".json", json.dumps(value, indent=indent, ensure_ascii=False).encode()
