"""A reference model of companies: the rules of identity in the simplest form, on a list.

Every lookup goes through all companies. Only the record classes are shared with the store.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any

from msgspec import UNSET

from letrics.identity.patches import CompanyPatch
from letrics.records import Company
from tests.property.reading import folded, searchable, suffix


def page(url: Any) -> str | None:
    """The name of a LinkedIn company page."""
    pattern = r"linkedin\.(?:com|example)/(?:company|school|showcase)/([^/?]+)"
    match = re.search(pattern, url.lower()) if isinstance(url, str) else None
    return folded(urllib.parse.unquote(match[1])) if match else None


def bare_name(name: Any) -> str:
    """The name without accents, punctuation and the legal forms at its end."""
    words = plain_words(name) if isinstance(name, str) else []
    while len(words) > 1:
        form = next((size for size in range(len(words) - 1, 0, -1) if tuple(words[-size:]) in FORMS), 0)
        if not form:
            break
        words = words[:-form]
    while len(words) > 1 and words[-1] in ("&", "and", "und", "et", "y", "e"):
        words = words[:-1]
    return " ".join(words) if any(character.isalnum() for character in "".join(words)) else ""


def plain_words(name: str) -> list[str]:
    """The words of a company's name, without accents and punctuation."""
    letters = unicodedata.normalize("NFKD", searchable(name)).casefold()
    plain = "".join(c for c in letters if not unicodedata.combining(c) and c not in ".'’`´\"“”„«»®™©")
    return "".join(c if c.isalnum() or c in "_&+/" else " " for c in plain).split()


FORMS = {
    tuple(plain_words(line))
    for line in (files("letrics.normalize") / "data" / "legal_forms.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
}
"""The words of each legal form."""


@dataclass
class Firm:
    """A company. `page` and `name` are what it holds, because it had them before any other company."""

    num: int
    members: dict[str, Any]
    former: set[str] = field(default_factory=set)
    page: str | None = None
    names: set[str] = field(default_factory=set)

    @property
    def domain(self) -> str | None:
        domain: str | None = self.members["domain"]
        return domain

    @property
    def ids(self) -> set[str]:
        return {str(self.members["id"])} | self.former

    def copy(self) -> Firm:
        return replace(self, members=dict(self.members), former=set(self.former), names=set(self.names))

    def record(self) -> Company:
        return Company(**self.members)


def find_firm(firms: Sequence[Firm], patch: CompanyPatch) -> Firm | None:
    """The company of a row: by domain, id, LinkedIn page, name."""
    for firm in firms:
        if patch.domain and firm.domain == patch.domain:
            return firm

    def may_be(firm: Firm) -> bool:
        return patch.domain is None or firm.domain is None

    for firm in firms:
        if patch.id and patch.id.startswith("co_") and patch.id in firm.ids and may_be(firm):
            return firm
    mine = page(patch.linkedin_url)
    for firm in firms:
        if mine and firm.page == mine and may_be(firm):
            return firm
    for firm in firms:
        if bare_name(patch.name) in firm.names and may_be(firm) and patch.id in (None, firm.members["id"]):
            other = page(firm.members.get("linkedin_url"))
            if not mine or not other or mine == other:
                return firm
    return None


def find_other(firms: Sequence[Firm], patch: CompanyPatch, firm: Firm) -> Firm | None:
    """The company without a domain that a row names by its id or page, while it names `firm` by its domain."""
    if patch.domain is None or firm.domain != patch.domain:
        return None
    mine = page(patch.linkedin_url)
    by_id = [other for other in firms if patch.id and patch.id.startswith("co_") and patch.id in other.ids]
    by_page = [other for other in firms if mine and mine == other.page]
    return next((other for other in by_id + by_page if other is not firm and other.domain is None), None)


def unite(firm: Firm, other: Firm, now: str) -> None:
    """Add what `other` has and the company does not."""
    empty = (None, (), UNSET)
    sized = [firm.members.get(name) for name in ("employees", "employees_range")] != [None, None]
    added = {
        name: value
        for name, value in other.members.items()
        if value not in empty
        and firm.members.get(name) in empty
        and not (sized and name in ("employees", "employees_range"))
    }
    if other.members["first_seen_at"] < firm.members["first_seen_at"]:
        added["first_seen_at"] = other.members["first_seen_at"]
    if added:
        firm.members |= added | {"updated_at": now}
    firm.former |= other.ids
    firm.names |= other.names


def make_firm(firms: Sequence[Firm], patch: CompanyPatch, members: dict[str, Any], num: int) -> Firm:
    """A new company of the row, with the id that is free."""
    taken = {id for firm in firms for id in firm.ids}
    id = patch.domain or (patch.id if patch.id and patch.id.startswith("co_") and patch.id not in taken else None)
    salt = 0
    while id is None or (patch.domain is None and id in taken):
        id = made_id(patch, salt)
        salt += 1
    tld = suffix(patch.domain) if patch.domain else None
    return Firm(num, members | {"id": id, "domain": patch.domain, "tld": tld})


def made_id(patch: CompanyPatch, salt: int = 0) -> str:
    mine = page(patch.linkedin_url)
    text = f"linkedin linkedin.com/company/{mine}" if mine else f"name {bare_name(patch.name)}"
    text += f" {salt}" if salt else ""
    number = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return "co_" + "".join(digits[number // 36**place % 36] for place in range(12))


def claim(firms: Sequence[Firm], firm: Firm) -> None:
    """Give a new or changed company what no other one holds of its page and name."""
    mine = page(firm.members.get("linkedin_url"))
    if firm.page != mine:
        firm.page = None
    if mine:
        firm.page = mine if all(other.page != mine for other in firms if other is not firm) else None
    elif firm.domain is None:
        name = bare_name(firm.members.get("name"))
        if name and not any(name in other.names for other in firms if other is not firm):
            firm.names.add(name)


def gain_domain(firm: Firm, domain: str | None) -> dict[str, Any]:
    """The changes of a company without a domain that gets one."""
    if domain is None or firm.domain is not None:
        return {}
    return {"id": domain, "domain": domain, "tld": suffix(domain)}


def reference(company: Any) -> str:
    """What stands for the company of a row in the generated id of a contact."""
    if not isinstance(company, CompanyPatch):
        return "" if company in (None, UNSET) else str(company)
    return company.domain or company.id or made_id(company)
