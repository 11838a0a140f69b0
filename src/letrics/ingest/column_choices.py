"""The user's choices of fields for columns: `--map 'Work Email=email'` and files of such choices."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from letrics.ingest.aliases import alias_rows, header_key
from letrics.ingest.columns import COLUMNS
from letrics.ingest.recognition import recognise
from letrics.records import Kind

Choices = dict[str, str | None]
"""The field of each header as the user wrote them; None ignores the column."""
_SUGGESTIONS: Final = 3
"""The maximum number of near matches in an error."""
_CLOSE: Final = 0.75
"""The similarity from which a header is a near match of a known one."""
_LISTED: Final = 20
"""The maximum number of columns named in an error."""


class WrongChoice(Exception):
    """A choice cannot be used. The text names it and suggests a fix."""


def parse_choice(text: str) -> tuple[str, str | None]:
    """Parse `Header=field`. Without a field, the column is ignored. Raises WrongChoice."""
    header, equals, field = text.rpartition("=")
    if not equals or not header.strip():
        raise WrongChoice(f"{text!r} is not a choice of a column: write 'Column=field', or 'Column=' to ignore it")
    return header.strip(), field.strip() or None


def read_choices(path: Path) -> Choices:
    """Read the choices of a TOML or JSON file: an object of header → field. Raises WrongChoice, OSError."""
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        text = content.decode()
        found: Any = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # both decoding errors are ValueErrors, and so is UnicodeDecodeError
        raise WrongChoice(f"{path}: is neither TOML nor JSON: {error}") from None
    if not isinstance(found, dict) or not all(value is None or isinstance(value, str) for value in found.values()):
        raise WrongChoice(f'{path}: must have one field for each column, such as "Work Email" = "email"')
    return {header.strip(): (field or "").strip() or None for header, field in found.items()}


def check_headers(choices: Iterable[str], names: Iterable[str]) -> None:
    """Check that each chosen header is one of the columns `names`. Raises WrongChoice."""
    known = list(dict.fromkeys(names))
    keys = {header_key(name) for name in known}
    for header in choices:
        if header not in known and (not header_key(header) or header_key(header) not in keys):
            raise WrongChoice(f"no column is named {header!r}{_near(header, known)}")


def apply_choices(choices: Choices, kind: Kind, names: Iterable[str]) -> Choices:
    """Return the field of each column of `names` that the user chose, in the names of COLUMNS. Raises WrongChoice.

    A header that is written exactly is preferred to one that differs in case or punctuation.
    """
    exact = {header: resolve_field(kind, field) for header, field in choices.items()}
    by_key = {header_key(header): field for header, field in exact.items() if header_key(header)}
    names = list(names)
    written = {header_key(header) for header in exact if header in names}
    chosen: Choices = {}
    for name in names:
        key = header_key(name)
        if name in exact:
            chosen[name] = exact[name]
        elif key in by_key and key not in written:
            chosen[name] = by_key[key]
    return chosen


def resolve_field(kind: Kind, field: str | None) -> str | None:
    """Return the name of a field in COLUMNS, also of `company.name` or `Company Name`. Raises WrongChoice.

    In a file of companies, `company_name` is its `name`.
    """
    if field is None:
        return None
    for name in (field, header_key(field).removeprefix("company") if kind == "companies" else field):
        found = recognise(kind, name)
        if found is not None and found.rank == 0 and len(found.fields) == 1:
            return found.fields[0]
    raise WrongChoice(f"{field!r} is not a field of {kind}{_near(field, COLUMNS[kind])}")


def near_fields(kind: Kind, names: Iterable[str]) -> Choices:
    """Return the fields of known headers that are spelled like one of the columns `names`."""
    known = [*COLUMNS[kind], *(row.header for row in alias_rows() if kind in row.kinds)]
    by_key = {header_key(header): header for header in known}
    near: Choices = {}
    for name in names:
        found = get_close_matches(header_key(name), by_key, 1, _CLOSE) if header_key(name) else []
        meant = recognise(kind, by_key[found[0]]) if found else None
        if meant is not None and meant.fields:
            near[name] = meant.fields[0]
    return near


def _near(text: str, known: Iterable[str]) -> str:
    """Name the near matches, or all there are."""
    by_key: Mapping[str, str] = {header_key(name): name for name in known}
    near = get_close_matches(header_key(text), by_key, _SUGGESTIONS, 0.6)
    if near:
        return f": did you mean {' or '.join(by_key[key] for key in near)}?"
    listed = list(by_key.values())
    more = f" and {len(listed) - _LISTED} more" if len(listed) > _LISTED else ""
    return f": choose from {', '.join(listed[:_LISTED])}{more}"
