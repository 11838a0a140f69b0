"""How a page is found once the total is known: from the nearer end, and by walking or by sorting."""

from __future__ import annotations

from dataclasses import dataclass

from letrics.engines.base import Window


@dataclass(frozen=True, slots=True)
class Page:
    """`size` hits from `offset` on, from the last if `newest`; `turned` where they must be turned round to be the
    window. `walks`: going through all records in order of num until the page is full passes fewer than sorting hits."""

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
    """The page of `total` hits among `records`; None where it is empty."""
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
    """A condition on num: after the record where the page begins."""
    if window.after is None:
        return ""
    return f" AND num {'<' if window.order == 'newest' else '>'} {window.after}"
