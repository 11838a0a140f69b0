"""Flattening of the objects in a row of JSON or Parquet: fields of objects become columns with dotted names.

`{"organization": {"name": "Acme"}}` becomes `{"organization.name": "Acme"}`. What a dotted name means is decided by
`letrics.ingest.recognition`, as for any other column.

Some objects stay values, since fields have this form: an email address with its type, a size band, a location, and a
`company` with our field names. A list of objects becomes one column for each key, with a list if there are several
values. Of a list of jobs, companies or people, only a clearly current one is used, and of several objects that describe
different companies the first. The others stay values, which are reported. Locations stay apart from each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from letrics.ingest.aliases import header_key
from letrics.ingest.columns import COLUMNS, DERIVED
from letrics.ingest.jsonl import read_line
from letrics.ingest.location_parts import LOCATION_PARTS
from letrics.ingest.nested_companies import contradicting_companies
from letrics.ingest.nested_lists import columns_of, current_job
from letrics.ingest.nested_names import is_job_name, value_names
from letrics.ingest.nested_people import contradicting_people
from letrics.ingest.recognition import recognise
from letrics.ingest.rows import FileRow, Members, RowProblem

MAX_DEPTH: Final = 6
"""The number of levels of objects that are flattened. Deeper objects stay values, which no field reads."""
_MAX_PATH: Final = 200
"""The length of a dotted name from which its object is not flattened, in characters. It bounds the memory of a row."""
_MAX_COLUMNS: Final = 5_000
"""The number of columns of a row from which objects and lists of objects are not flattened. It bounds memory, too."""
_OWN_COMPANY: Final = frozenset(COLUMNS["companies"]) | DERIVED
"""The keys of an object `company` that stays a value."""
_PLACE: Final = frozenset({"city", "region", "country", "text", "country_code", "continent"})
"""The keys of a location object as exports have it."""
_FORMS: Final = (
    (frozenset({"value", "type"}), frozenset({"emails", "company_emails"})),
    (frozenset({"min", "max"}), frozenset({"company_employees", "company_employees_range"})),
    (_PLACE, frozenset({"locations", "company_locations"})),
)
"""The keys of objects that are values, and the fields in a file of contacts that read them."""
_EMAIL_TYPES: Final = (None, "generic", "personal")
"""The types of addresses here. Other types, such as `work`, are not used."""
_SALESFORCE: Final = frozenset({"type", "url"})
"""The keys of the object `attributes` of Salesforce, which describes the record’s type."""
_OTHERS: Final = "others"
"""The last part of the name of the column with the jobs that are not current. No field has this name."""
_NAMES_ONE: Final = frozenset({"first_name", "last_name", "full_name", "company_name", "company_domain"})
"""The fields of which each of several people or companies has another value."""
_LOCATION_TYPE: Final = "location_type"
"""The key with the part of a location that an item of Crunchbase is."""


def read_flat_row(row: FileRow) -> FileRow:
    """Parse a row of JSON if necessary, as `read_row` does, and flatten it."""
    if row.members is not None or row.problem is not None or type(row.raw) is not bytes:
        return row  # its reader has flattened it
    try:
        return row._replace(members=read_flat_line(row.raw.strip()))
    except RowProblem as problem:
        return row._replace(problem=problem.again())


def read_flat_line(text: bytes) -> Members:
    """Parse a line of JSON, as `read_line` does, and flatten it. Raises RowProblem."""
    members = read_line(text)
    return members if text.find(b"{", 1) < 0 else flatten(members)


def flatten(members: Members) -> Members:
    """Return the row with the fields of its objects as columns; the row itself if it has no objects."""
    if not any(type(value) is dict or _has_objects(value) for value in members.values()):
        return members
    flat: Members = {}
    _add_object(flat, "", members, 0)
    return flat


def _has_objects(value: Any) -> bool:
    return type(value) is list and dict in map(type, value)


def _size(value: Any) -> int:
    """The number of columns that an object or a list of objects needs at most, without the objects in it."""
    items = value if type(value) is list else (value,)
    return sum(len(item) for item in items if type(item) is dict)


def _add_object(flat: Members, prefix: str, fields: Members, depth: int) -> None:
    others = frozenset[str]()
    if [name for name, value in fields.items() if type(value) is dict] not in ([], ["company"]):  # the common cases
        others = contradicting_companies(prefix, fields) | contradicting_people(prefix, fields)
    has_company: bool | None = None
    is_last = depth == MAX_DEPTH
    for name, value in fields.items():
        path = prefix + name
        is_object = type(value) is dict
        if not is_object and not _has_objects(value) and path not in flat:
            flat[path] = value  # the common case
        elif is_last or name in others or len(path) > _MAX_PATH or len(flat) + _size(value) > _MAX_COLUMNS:
            _put(flat, path, value)
        elif is_object and not _stays_value(path, value):
            _add_object(flat, f"{path}.", value, depth + 1)
        elif not _has_objects(value):
            _put(flat, path, value)
        elif is_job_name(path):
            has_company = _names_company(prefix, fields) if has_company is None else has_company
            if has_company:
                _put(flat, path, value)
            else:
                _add_list(flat, path, value, depth)
        else:
            _add_list(flat, path, value, depth)


def _put(flat: Members, path: str, value: Any) -> None:
    """Add a column. One whose name is taken is named like the second column of a table."""
    name, number = path, 1
    while name in flat:
        number += 1
        name = f"{path} ({number})"
    flat[name] = value


def _stays_value(path: str, value: Members) -> bool:
    """Return whether an object is the value of a field, or has nothing that could be used."""
    if path == "company":
        return value.keys() <= _OWN_COMPANY and _has_own_values(value)
    if value.keys() == _SALESFORCE and path.rpartition(".")[2] == "attributes":
        return True
    return _has_form(path, [value])


def _has_own_values(company: Members) -> bool:
    """Return whether a company has no objects other than those of our forms."""
    for name, value in company.items():
        if type(value) is dict:
            objects = [value]
        elif _has_objects(value):
            objects = [item for item in value if type(item) is dict]
        else:
            continue
        if not _has_form(f"company.{name}", objects):
            return False
    return True


def _has_form(path: str, objects: Sequence[Members]) -> bool:
    """Return whether all objects have the form of the values of the field that the column sets."""
    form = _form_of(path)
    if not form or not all(map(form.issuperset, objects)):
        return False
    return "type" not in form or all(given.get("type") in _EMAIL_TYPES for given in objects)


@lru_cache(maxsize=1_000)
def _form_of(path: str) -> frozenset[str]:
    """The keys of objects that are values of the field that a column sets; none if it reads no objects."""
    found = recognise("contacts", path)
    fields = () if found is None else found.fields
    return next((form for form, readers in _FORMS if not readers.isdisjoint(fields)), frozenset())


def _add_list(flat: Members, path: str, items: Sequence[Any], depth: int) -> None:
    objects = [item for item in items if type(item) is dict]
    if _has_form(path, objects):
        _put(flat, path, items)
        return
    found = recognise("contacts", path)
    fields = found.fields if found is not None else ()
    if is_job_name(path) or fields == ("company_name",) or _are_records(path, fields, objects):
        current = current_job(objects) if len(objects) == len(items) else None
        if current is None:
            _put(flat, path, items)
            return
        _add_object(flat, f"{path}.", current, depth + 1)
        if others := [item for item in items if item is not current]:
            _put(flat, f"{path}.{_OTHERS}", others)
        return
    if others := [item for item in items if type(item) is not dict and item is not None]:
        _put(flat, path, others)
    if len(objects) == 1:
        _add_object(flat, f"{path}.", objects[0], depth + 1)
        return
    if "locations" in fields or "company_locations" in fields:
        objects = _add_places(flat, path, objects)
    for name, values in columns_of(objects).items():
        _put(flat, f"{path}.{name}", values[0] if len(values) == 1 else values)


def _are_records(path: str, fields: tuple[str, ...], objects: Sequence[Members]) -> bool:
    """Return whether several objects are people or companies, of which a row has one each.

    Several `names` are those of one person.
    """
    if len(objects) < 2 or fields not in ((), ("full_name",)) or header_key(path).endswith(("name", "names")):
        return False
    keys = dict.fromkeys(key for fields in objects for key in fields)
    found = (recognise("contacts", f"{path}.{key}") for key in keys)
    return any(one is not None and not _NAMES_ONE.isdisjoint(one.fields) for one in found)


def _names_company(prefix: str, fields: Members) -> bool:
    """Return whether an object has the company of the person in other fields than jobs."""
    for name, value in fields.items():
        if value in (None, "", [], {}) or is_job_name(prefix + name):
            continue
        found = recognise("contacts", prefix + name)
        if found is not None and any(field.startswith("company_") for field in found.fields):
            return True
    return False


def _value_in(part: Any) -> Any:
    """The name of a part of a location that is an object, such as a country with its code."""
    if type(part) is not dict:
        return part
    by_key = {header_key(name): value for name, value in part.items()}
    return next((by_key[name] for name in value_names("country") if type(by_key.get(name)) is str), part)


def _add_places(flat: Members, path: str, objects: Sequence[Members]) -> list[Members]:
    """Add locations in the form of exports. Returns the objects without the parts of locations."""
    if all(type(fields.get(_LOCATION_TYPE)) is str for fields in objects):
        _add_object(flat, f"{path}.", {fields[_LOCATION_TYPE]: fields.get("value") for fields in objects}, MAX_DEPTH)
        return [{key: value for key, value in fields.items() if key != "value"} for fields in objects]
    places, rest = list[Members](), list[Members]()
    for fields in objects:
        keys: dict[str, str] = {}
        for key in fields:
            found = recognise("companies", f"locations.{key}")
            part = found.fields[0] if found is not None and found.fields else ""
            if part in LOCATION_PARTS or part == "locations":
                keys.setdefault("text" if part in ("locations", "address") else part, key)
        if len(keys) > 1:
            keys.pop("text", None)  # often a label such as Head office
        places.append({part: _value_in(fields[key]) for part, key in keys.items()})
        rest.append({key: value for key, value in fields.items() if key not in keys.values()})
    _put(flat, path, places)
    return rest
