"""Evidence in the values of a file that its names are those of people: names of companies, and personal addresses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Final

from letrics.ingest.aliases import header_key
from letrics.ingest.rows import Members
from letrics.normalize.company_names import has_legal_form
from letrics.normalize.mailbox_roles import is_role
from letrics.normalize.text import fold_name

SAMPLE_ROWS: Final = 200
"""The number of rows whose values are looked at."""
_LEGAL_FORMS: Final = 0.3
"""The share of names with a legal form from which a column has names of companies."""
_MAX_VALUE: Final = 300
"""The maximum length of a value that is looked at, in characters. The rest is not compared."""
_MAX_NAME: Final = 200
"""The maximum length of a name that is compared, in characters."""
_MIN_WORD: Final = 2
"""The minimum length of a word of a name that is looked for in an address, in characters."""


def name_words(name: str) -> frozenset[str]:
    """Return the words of a person’s name, without accents and capitals: `Abel, Ann` has those of `Ann Abel`."""
    return frozenset(fold_name(name[:_MAX_NAME]).replace(",", " ").split())


def can_be_same(name: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether the words of two names can be those of one person: `Ann` can be `Ann Abel`."""
    return name <= other or other <= name


def names_differ(rows: Iterable[Members], names: Sequence[str], companies: Sequence[str]) -> bool | None:
    """Return whether most rows have a name in one of the columns `names` that is not the one in `companies`.

    Returns None if no row has both. A name that starts with the other one does not differ: `Acme` and `Acme GmbH`.
    """
    both = differing = 0
    for row in islice(rows, SAMPLE_ROWS):
        name, company = (header_key(_first(row, columns)) for columns in (names, companies))
        if name and company:
            both += 1
            differing += not name.startswith(company) and not company.startswith(name)
    return 2 * differing > both if both else None


def have_legal_forms(rows: Iterable[Members], names: Sequence[str]) -> bool:
    """Return whether a good part of the names end with a legal form such as GmbH, so that they are those of companies.

    Companies are often listed without it, and few names of people end with a word that is one, too.
    """
    return are_companies([name for row in islice(rows, SAMPLE_ROWS) if (name := _first(row, names))])


def are_companies(names: Sequence[str]) -> bool:
    """Return whether a good part of these names end with a legal form; see `have_legal_forms`."""
    return sum(map(has_legal_form, names)) > _LEGAL_FORMS * len(names)


def has_personal_emails(rows: Iterable[Members], emails: Sequence[str]) -> bool | None:
    """Return whether most addresses in the columns `emails` belong to a person instead of a role such as info.

    Returns None if there are none.
    """
    addresses = personal = 0
    for row in islice(rows, SAMPLE_ROWS):
        if local := _local(_first(row, emails)):
            addresses += 1
            personal += not is_role(local)
    return 2 * personal > addresses if addresses else None


def emails_have_names(rows: Iterable[Members], names: Sequence[str], emails: Sequence[str]) -> bool:
    """Return whether most personal addresses have a word of the name of their row, as in `Ann Abel`, `ann@acme.com`."""
    addresses = named = 0
    for row in islice(rows, SAMPLE_ROWS):
        local, name = _local(_first(row, emails)), _first(row, names)
        if name and local and not is_role(local):
            addresses += 1
            mailbox = header_key(local)
            named += any(len(word) >= _MIN_WORD and word in mailbox for word in map(header_key, name.split()))
    return 2 * named > addresses


def _first(row: Members, columns: Sequence[str]) -> str:
    """The first text of a row in one of the columns."""
    values: list[Any] = [row.get(column) for column in columns]
    return next((text for value in values if isinstance(value, str) and (text := value[:_MAX_VALUE].strip())), "")


def _local(value: str) -> str:
    """The part of the first address before the @. Also of `Ann Abel <ann@acme.com>`."""
    words = value.partition("@")[0].replace("<", " ").replace(":", " ").split()
    return words[-1] if words and "@" in value else ""
