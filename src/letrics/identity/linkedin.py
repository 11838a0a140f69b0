"""LinkedIn pages that identify: which URLs name a person or a company, and the form in which they are compared.

Only four kinds of page are a person's profile. Company pages, posts, feeds and searches never identify a contact. The
URLs are parsed by `letrics.normalize.linkedin_address`.
"""

from __future__ import annotations

import re
from typing import Final, Literal
from urllib.parse import unquote

from letrics.normalize.linkedin_address import linkedin_page
from letrics.normalize.text import fold

_PLAIN: Final = re.compile(
    r"https?://(?:www\.)?linkedin\.com/in/(?!(?:me|unavailable|unknown|undefined|null)/?\Z)([a-z0-9-]+)/?"
)
"""Matches a profile URL in its usual form, which needs no parsing. Group 1 is the profile's name."""
_PLAIN_COMPANY: Final = re.compile(
    r"https?://www\.linkedin\.com/company/(?!(?:me|unavailable|unknown|undefined|null)/?\Z)([a-z0-9-]+)/?"
)
"""Matches the URL of a company's page in its usual form. Group 1 is the page's name."""
_SITES: Final = frozenset({"linkedin.com", "linkedin.example"})
"""The sites whose pages identify. The second is for invented data."""


def linkedin_profile(url: str) -> str | None:
    """The canonical form of a LinkedIn profile URL, or None if the URL names no person.

    These forms name a person: `/in/NAME`, `/pub/NAME/1/2/3`, `/sales/lead/ID` and `/sales/people/ID` (which are the
    same), and `/profile/view?id=ID`. The comparison ignores the scheme, the subdomains `www`, `m` and countries, the
    mobile site's path, what follows the name (a language, an overlay), the rest of the query, the fragment, letter case
    and percent-encoding.
    """
    if (plain := _PLAIN.fullmatch(url)) is not None:  # the form of nearly all profile URLs
        return f"linkedin.com/in/{plain[1]}"
    return _compared(url, "person")


def linkedin_company(url: str) -> str | None:
    """The canonical form of the URL of a company's LinkedIn page, or None if the URL names no company.

    The pages of a school and of a brand of a company count too: their names are of the same set. The comparison ignores
    the same parts as that of profiles. A page has a name and a number, which are not known to be the same.
    """
    if (plain := _PLAIN_COMPANY.fullmatch(url)) is not None:
        return f"linkedin.com/company/{plain[1]}"
    page = _compared(url, "company")
    if page is None:
        return None
    site, _, name = page.split("/", 2)
    return f"{site}/company/{name}"


def _compared(url: str, kind: Literal["person", "company"]) -> str | None:
    """The site and the folded path of a page of this kind; None for any other page or text."""
    try:
        page = linkedin_page(url)
    except ValueError:
        return None
    if page.kind != kind or page.site not in _SITES or not page.is_mirror:
        return None
    return f"{page.site}/{fold(unquote(page.path))}"
