"""Barriers for people with disabilities, as axe-core finds them (vendor/README.md)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE: Final = Path(__file__).with_name("vendor") / "axe-4.14.1.min.js"

_RUN: Final = """async only => {
  const rules = only ? { runOnly: { type: "rule", values: only } } : {};
  const found = await axe.run(document, { resultTypes: ["violations"], preload: false, ...rules });
  return found.violations.flatMap(one => one.nodes.map(node => ({
    impact: node.impact, rule: one.id, where: node.target.join(" "), why: node.failureSummary })));
}"""


def barriers(page: Page) -> list[str]:
    """What is serious or critical on the page as it stands: everything in light, contrast again in dark colours."""
    # The source is run by the debugger, which the policy of the pages does not hold back.
    page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = []
    for scheme, only in (("light", None), ("dark", ["color-contrast"])):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        seen: list[dict[str, Any]] = page.evaluate(_RUN, only)
        found += [
            f"{urlless(page)} in {scheme}: {one['rule']} at {one['where']}: {one['why']}"
            for one in seen
            if one["impact"] in ("serious", "critical")
        ]
    page.emulate_media(color_scheme="light")
    return found


def urlless(page: Page) -> str:
    """The page's path and title, to tell pages apart by."""
    path: str = page.evaluate("location.pathname")
    return f"{path} ({page.title()})"
