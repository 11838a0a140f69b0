"""How a page is found when the total is known: from the nearer end, by walking or by sorting."""

from __future__ import annotations

from dataclasses import dataclass

from letrics.engines.base import Window


@dataclass(frozen=True, slots=True)
class Page:
    """`size` matches from `offset` on, from the last if `newest`; `turned` if they must be reversed to be the window.

    `walks`: walking all records in order of num until the page is full passes fewer records than sorting the matches.
    """

    newest: bool
    offset: int
    size: int
    turned: bool
    walks: bool

    @property
    def direction(self) -> str:
        return "DESC" if self.newest else "ASC"

    def in_order(self, nums: list[int]) -> list[int]:
        return nums[::-1] if self.turned else nums


def page_of(window: Window, total: int, records: int) -> Page | None:
    """The page of `total` matches among `records`; None if it is empty."""
    if total <= window.offset:
        return None
    newest = window.order == "newest"
    offset, size = window.offset, min(window.size, total - window.offset)
    turned = window.after is None and offset + size > total - offset
    if turned:
        newest, offset = not newest, total - offset - size
    passed = (offset + size) * records / total
    return Page(newest, offset, size, turned, passed < 2 * total)


def beyond(window: Window) -> str:
    """A condition on num: after the record before the page."""
    if window.after is None:
        return ""
    return f" AND num {'<' if window.order == 'newest' else '>'} {window.after}"
