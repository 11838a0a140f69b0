"""Jinja templates in `templates/`: all values are escaped, and undefined names are errors."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

import jinja2
from markupsafe import Markup

from letrics import __version__
from letrics.accounts.database import now_ms
from letrics.normalize.time import DAY_MS, format_time, parse_time
from letrics.plurals import counted
from letrics.web.assets import static

NAVIGATION: Final = (
    ("Overview", "/overview"),
    ("Contacts", "/explore/contacts"),
    ("Companies", "/explore/companies"),
    ("Import", "/import"),
    ("Duplicates", "/duplicates"),
    ("Documentation", "/docs"),
)
"""Navigation links at the top of every page for signed-in users: label and path."""
EDITORS_ONLY: Final = frozenset({"/duplicates", "/import"})
"""The paths of NAVIGATION that viewers do not see."""

_UNITS: Final = (("day", DAY_MS), ("hour", DAY_MS // 24), ("minute", 60_000))
"""Units of `ago` with their length in milliseconds, longest first."""


def render(name: str, /, **context: Any) -> str:
    """Render a template as HTML. Raises jinja2.UndefinedError for a name that is not in the context."""
    return environment().get_template(name).render(**context)


def compile_templates() -> None:
    """Compile all templates (0.5 s in total), so that the first request for a page does not wait for it."""
    made = environment()
    for name in made.list_templates():
        made.get_template(name)


@cache
def environment() -> jinja2.Environment:
    """The environment of all templates, with their globals and filters."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("letrics.web", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(static=static, version=__version__, navigation=NAVIGATION, editors_only=EDITORS_ONLY)
    made.filters.update(time=time, ago=ago, number=number, linked=linked)
    return made


def time(value: int | str | None, otherwise: str = "never") -> Markup:
    """Format a time (milliseconds or a timestamp) to the minute in UTC. A script converts it to local time."""
    if value is None:
        return Markup.escape(otherwise)
    text = format_time(value) if isinstance(value, int) else value
    return Markup('<time datetime="{}">{} {} UTC</time>').format(text, text[:10], text[11:16])


def ago(value: int | str | None, otherwise: str = "never") -> Markup:
    """Format a time relative to now, in one unit: `3 days ago`, `in 2 hours`."""
    if value is None:
        return Markup.escape(otherwise)
    moment = value if isinstance(value, int) else parse_time(value)
    text, past = format_time(moment), now_ms() - moment
    age = round(abs(past) / 60_000) * 60_000  # rounded, so that a new token for 30 days does not show 29
    for unit, size in _UNITS:
        count = age // size
        if count:
            words = counted(count, unit)
            words = f"{words} ago" if past > 0 else f"in {words}"
            break
    else:
        words = "just now" if past >= 0 else "in a moment"
    return Markup('<time datetime="{}" data-ago title="{}">{}</time>').format(
        text, f"{text[:10]} {text[11:16]} UTC", words
    )


def number(value: int) -> str:
    """Format a number with commas as thousands separators."""
    return f"{value:,}"


_PATHS: Final = re.compile(r"(/(?:docs|signin|explore/contacts|explore/companies)(?![\w/-]))")
"""Paths of pages in error messages."""


def linked(text: str) -> Markup:
    """Escape a text and turn the paths of pages in it into links."""
    parts = _PATHS.split(text)
    link = Markup('<a href="{0}">{0}</a>')
    return Markup("").join(link.format(part) if at % 2 else part for at, part in enumerate(parts))
