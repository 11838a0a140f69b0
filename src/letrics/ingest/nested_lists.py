"""Lists of objects in rows: the values of each key, in the order of preference, and the current job of a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from letrics.ingest.aliases import header_key
from letrics.ingest.nested_names import LINK_VALUES
from letrics.ingest.rows import Members

_CURRENT: Final = frozenset({"current", "iscurrent", "isprimary", "primary", "currentjob", "isdefault", "default"})
"""The keys of Booleans that mark the current job, or the preferred one of several values."""
_ENDS: Final = frozenset({"enddate", "endsat", "endedat", "endedon", "end", "to", "dateto", "until", "activeuntil"})
"""The keys of the end of a job."""
_NOW: Final = frozenset({"present", "now", "current", "today"})
"""The keys of texts for the end of a job that has not ended."""
_TYPES: Final = frozenset({"type", "label", "category", "phonetype", "emailtype", "kind", "formattedtype"})
"""The keys of what kind of value an object has."""
_AT_WORK: Final = frozenset({"work", "direct", "workdirect", "directdial", "business", "office", "professional"})
"""The keys of kinds of values that are preferred, as a work phone is to a mobile phone."""
_PRIVATE: Final = frozenset({"personal", "private", "home", "homepage", "blog", "portfolio", "profile"})
"""The keys of kinds of sites that are those of a person."""
_WEBSITE: Final = "website"
"""The key of the label of a site in a list of links."""


def columns_of(objects: Iterable[Members]) -> dict[str, list[Any]]:
    """The values of each key that are not null, those of preferred objects first, then those of work."""
    columns: dict[str, list[Any]] = {}
    for fields in sorted(objects, key=lambda fields: (not _is_marked(fields), not _is_at_work(fields))):
        for name, value in fields.items():
            if value is not None:
                columns.setdefault(name, []).append(value)
    return columns


def _is_marked(fields: Members) -> bool:
    """Return whether an object says that it is the current or the preferred one."""
    return any(value is True and header_key(name) in _CURRENT for name, value in fields.items())


def _is_at_work(fields: Members) -> bool:
    return _has_type(fields, _AT_WORK)


def labelled_sites(objects: Iterable[Members]) -> list[Any]:
    """Return the addresses in a list of links that are labelled as the website instead of a page on another site."""
    return [
        address
        for fields in objects
        if any(type(value) is str and header_key(value) == _WEBSITE for value in fields.values())
        for name, address in fields.items()
        if header_key(name) in LINK_VALUES
    ]


def is_private(fields: Members) -> bool:
    """Return whether an object with a site says that it is that of a person instead of a company."""
    return _has_type(fields, _PRIVATE)


def _has_type(fields: Members, types: frozenset[str]) -> bool:
    return any(
        type(value) is str and header_key(value) in types and header_key(name) in _TYPES
        for name, value in fields.items()
    )


def current_job(objects: Sequence[Members]) -> Members | None:
    """Return the current one of several jobs: the only one that is marked, or the only one that has not ended."""
    current = [fields for fields in objects if _is_marked(fields)]
    if not current:
        current = [fields for fields in objects if not _has_ended(fields)]
    return current[0] if len(current) == 1 else None


def _has_ended(job: Members) -> bool:
    """Return whether a job says that it is not the current one, or when it ended."""
    for name, value in job.items():
        key = header_key(name)
        if (key in _CURRENT and value is False) or (key in _ENDS and value and header_key(str(value)) not in _NOW):
            return True
    return False
