"""Replace the keys of LinkedIn URLs that earlier versions made, when a database is upgraded.

Earlier versions made a key of every URL, also of company pages, and different keys of the variants of one profile's
URL. A contact keeps what it holds: where two contacts have variants of one profile, the key is that of the first.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final
from urllib.parse import unquote

from letrics.identity.keys import Key, comparable_name, hashes_of, name_key, profile_key
from letrics.identity.linkedin import linkedin_profile
from letrics.identity.plan import KeyRows
from letrics.normalize.text import fold
from letrics.records import UNREADABLE, ContactBody, decode_contact
from letrics.store.progress_log import ProgressLog
from letrics.store.sql import SqlConnection, read_value
from letrics.store.tables.key_table import read_keys, write_keys

_log: Final = logging.getLogger("letrics.store.upgrade")

_PART: Final = 20_000
"""Contacts whose keys are replaced at a time."""
_UNUSUAL: Final = re.compile(
    rb'"linkedin_url":"(?!https?://(?:www\.)?linkedin\.com/in/(?!(?:me|null|un[a-z]+)/?")[a-z0-9-]+/?")'
)
"""Matches the document of a contact whose URL has not the usual form, in which the key is what it was."""
_EARLIER: Final = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?/{0,2}([^/?#]*)([^?#]*)", re.IGNORECASE | re.DOTALL)
"""Matches any URL, as earlier versions did. Group 1 is the authority, group 2 the path."""
_COUNTRY: Final = re.compile(r"(?:www|m|[a-z]{2})\.(?=linkedin\.com$)")
"""Matches the subdomains that earlier versions ignored."""


def replace_profile_keys(connection: SqlConnection) -> None:
    """Replace the keys, inside the caller's transaction. Reads all contacts once, and logs how far it is."""
    contacts = _with_other_keys(connection)
    while part := list(islice(contacts, _PART)):
        _replace(connection, part)


def _with_other_keys(connection: SqlConnection) -> Iterator[tuple[int, int, ContactBody]]:
    """The num, company and document of the contacts whose profile is not what it was."""
    highest: int = read_value(connection, "SELECT coalesce(max(num), 0) FROM contact")
    progress = ProgressLog(_log, "upgrade: reading the LinkedIn profiles of contacts", highest + 1)
    for num, company, document in connection.execute("SELECT num, company, document FROM contact ORDER BY num"):
        progress.show(num)
        if _UNUSUAL.search(document) is None:
            continue
        try:
            contact = decode_contact(document)
        except UNREADABLE:
            continue  # its keys are those of no contact, before and after
        url = contact.linkedin_url
        if url is not None and _earlier_profile(url) != linkedin_profile(url):
            yield num, company, contact


def _replace(connection: SqlConnection, contacts: Sequence[tuple[int, int, ContactBody]]) -> None:
    removed, put, wanted, conflicts = KeyRows(), KeyRows(), dict[Key, int](), list[int]()
    for num, company, contact in contacts:
        url = contact.linkedin_url or ""
        if (earlier := _earlier_profile(url)) is not None:
            removed.add(profile_key(earlier), num)
        profile = linkedin_profile(url)
        if profile is not None:
            if wanted.setdefault(profile_key(profile), num) != num:
                conflicts.append(num)
        elif (name := comparable_name(contact)) is not None:
            put.add(name_key(name, company), num)
    held = {key: num for key, num in read_keys(connection, hashes_of(wanted)) if key in wanted}
    for key, num in wanted.items():
        if held.get(key, num) == num:
            put.add(key, num)
        else:
            conflicts.append(num)
    write_keys(connection, put, removed)
    # A digest says that its contact holds all of its keys.
    connection.executemany("UPDATE contact SET digest = NULL WHERE num = ?", [(num,) for num in conflicts])


def _earlier_profile(url: str) -> str | None:
    """The canonical form of a URL in the versions before."""
    match = _EARLIER.match(url.strip())
    assert match is not None, "the pattern matches any text"
    host = match[1].rpartition("@")[2].partition(":")[0].lower().removesuffix(".")
    host = _COUNTRY.sub("", host).removeprefix("www.")
    path = match[2]
    path = fold(unquote(path) if "%" in path else path).strip("/ ")
    return None if not path or path in ("in", "pub") else f"{host}/{path}"
