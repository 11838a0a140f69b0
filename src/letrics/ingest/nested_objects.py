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
from typing import Any, Final

from letrics.ingest.aliases import header_key
from letrics.ingest.jsonl import read_line
from letrics.ingest.nested_companies import contradicting_companies
from letrics.ingest.nested_lists import columns_of, current_job, is_private, labelled_sites
from letrics.ingest.nested_names import is_job_name, is_links_column
from letrics.ingest.nested_places import split_places
from letrics.ingest.nested_values import has_form, has_objects, stays_value
from letrics.ingest.recognition import recognise
from letrics.ingest.row_levels import find_levels
from letrics.ingest.rows import FileRow, Members, RowProblem
from letrics.ingest.typed_values import plain_value, refers_to_others, typed_key

MAX_DEPTH: Final = 6
"""The number of levels of objects that are flattened. Deeper objects stay values, which no field reads."""
_MAX_PATH: Final = 200
"""The length of a dotted name from which its object is not flattened, in characters. It bounds the memory of a row."""
_MAX_COLUMNS: Final = 5_000
"""The number of columns of a row from which objects and lists of objects are not flattened. It bounds memory, too."""
_OTHERS: Final = "others"
"""The last part of the name of a column with what is not the record’s own: past jobs, other records, people and private
sites. No field has this name."""
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
    if not any(type(value) is dict or has_objects(value) for value in members.values()):
        return members
    row = _FlatRow()
    row.compare("", members)
    _add_object(row, "", members, 0)
    return row.columns


class _FlatRow:
    """The columns of a row so far. `others` are the dotted names of objects of other people and companies."""

    __slots__ = ("columns", "others")

    def __init__(self) -> None:
        self.columns: Members = {}
        self.others = frozenset[str]()

    def compare(self, prefix: str, fields: Members) -> None:
        """Find the objects of other people and companies in an object."""
        objects = [name for name, value in fields.items() if type(value) is dict]
        if objects and objects != ["company"]:  # not one of the common cases
            levels, others = find_levels(fields, prefix)
            self.others |= others | contradicting_companies(levels)

    def put(self, path: str, value: Any) -> None:
        """Add a column. One whose name is taken is named like the second column of a table."""
        name, number = path, 1
        while name in self.columns:
            number += 1
            name = f"{path} ({number})"
        self.columns[name] = value


def _size(value: Any) -> int:
    """The number of columns that an object or a list of objects needs at most, without the objects in it."""
    items = value if type(value) is list else (value,)
    return sum(len(item) for item in items if type(item) is dict)


def _add_object(row: _FlatRow, prefix: str, fields: Members, depth: int) -> None:
    columns = row.columns
    is_last = depth == MAX_DEPTH
    has_company: bool | None = None
    for name, value in fields.items():
        path = prefix + name
        is_object = type(value) is dict
        if not is_object and not has_objects(value) and path not in columns:
            columns[path] = value  # the common case
        elif is_last or path in row.others or len(path) > _MAX_PATH or len(columns) + _size(value) > _MAX_COLUMNS:
            row.put(path, value)
        elif is_object and (key := typed_key(value)) is not None:
            row.put(f"{path}.{_OTHERS}" if refers_to_others(key) else path, plain_value(key, value[key]))
        elif is_object and not stays_value(path, value):
            _add_object(row, f"{path}.", value, depth + 1)
        elif not has_objects(value):
            row.put(path, value)
        elif is_job_name(path):
            has_company = _names_company(prefix, fields) if has_company is None else has_company
            if has_company:
                row.put(path, value)
            else:
                _add_list(row, path, value, depth)
        else:
            _add_list(row, path, value, depth)


def _add_list(row: _FlatRow, path: str, items: Sequence[Any], depth: int) -> None:
    objects = [item for item in items if type(item) is dict]
    if has_form(path, objects):
        row.put(path, items)
        return
    found = recognise("contacts", path)
    fields = found.fields if found is not None else ()
    if is_job_name(path) or fields == ("company_name",) or _are_records(path, fields, objects):
        current = current_job(objects) if len(objects) == len(items) else None
        if current is None:
            row.put(path, items)
            return
        row.compare(f"{path}.", current)
        _add_object(row, f"{path}.", current, depth + 1)
        if others := [item for item in items if item is not current]:
            row.put(f"{path}.{_OTHERS}", others)
        return
    if others := [item for item in items if type(item) is not dict and item is not None]:
        row.put(path, others)
    if fields in (("company_website",), ("website",)) and (private := [item for item in objects if is_private(item)]):
        row.put(f"{path}.{_OTHERS}", private)
        objects = [item for item in objects if item not in private]
    if not objects:
        return
    if is_links_column(path) and (sites := labelled_sites(objects)):
        row.put(f"{path}.website", sites[0] if len(sites) == 1 else sites)
    if len(objects) == 1:
        row.compare(f"{path}.", objects[0])
        _add_object(row, f"{path}.", objects[0], depth + 1)
        return
    if "locations" in fields or "company_locations" in fields:
        objects = _add_places(row, path, objects)
    for name, values in columns_of(objects).items():
        row.put(f"{path}.{name}", values[0] if len(values) == 1 else values)


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


def _add_places(row: _FlatRow, path: str, objects: Sequence[Members]) -> list[Members]:
    """Add locations in the form of exports. Returns the objects without the parts of locations."""
    if all(type(fields.get(_LOCATION_TYPE)) is str for fields in objects):
        _add_object(row, f"{path}.", {fields[_LOCATION_TYPE]: fields.get("value") for fields in objects}, MAX_DEPTH)
        return [{key: value for key, value in fields.items() if key != "value"} for fields in objects]
    places, rest = split_places(objects)
    row.put(path, places)
    return rest
