"""The company of a row: what identifies it, and the domain of a contact's email as the last resort."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from letrics.identity.company_keys import company_key, is_company_id, page_key
from letrics.ingest.location_parts import join_location_parts
from letrics.ingest.rows import RowProblem
from letrics.normalize.linkedin_address import linkedin_url
from letrics.normalize.shared_hosts import company_domain, is_company_domain
from letrics.query.request_values import shown
from letrics.records import Company, ContactBody, Email, time_fields

IDENTIFYING: Final = frozenset({"domain", "website", "linkedin_url", "name"})
"""The fields that identify a company."""
NO_COMPANY: Final = "is missing: a company needs its domain, website, linkedin_url or name"
"""The reason for rejecting a company without an identifying field."""
_SHARED: Final = "is a page on a host of many companies: add the company's name or linkedin_url"
"""The reason for rejecting a company that has only an address which does not identify it."""
_TIMES: Final = tuple(dict.fromkeys((*time_fields(Company), *time_fields(ContactBody))))
"""The fields that are timestamps."""


def finish_company(own: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Complete the values of a company's patch: what identifies it, and the location.

    The domain is that of the website, if it is not given. An address on a shared host is only the website, and the
    address of a LinkedIn page the LinkedIn URL. Raises RowProblem if nothing identifies the company.
    """
    domain = own.get("domain")
    if domain is None or not is_company_domain(domain):
        problem = _find_domain(own)
        _check_id(own)
        if "domain" not in own and "id" not in own and not (page_key(own.get("linkedin_url")) or _has_name(own)):
            field, reason = problem or ("domain", NO_COMPANY)
            raise RowProblem(f"{prefix}{field}", reason)
    elif len(own) == 1:
        return own
    else:
        _check_id(own)
    join_location_parts(own)
    drop_unknown_times(own)
    return own


def _find_domain(own: dict[str, Any]) -> tuple[str, str] | None:
    """Set the domain, or remove it if there is none. Returns the field that should have it and the reason, if any."""
    problem = None
    for field in ("domain", "website"):
        given = own.get(field)
        if given is None:
            continue
        try:
            domain = company_domain(given)
        except ValueError as error:
            problem = problem or (field, f"{shown(given)} {error}")
            continue
        if domain is not None:
            own["domain"] = domain
            return None
        problem = problem or (field, f"{shown(given)} {_SHARED}")
        _keep_shared(own, field, given)
    own.pop("domain", None)
    return problem


def _keep_shared(own: dict[str, Any], field: str, url: str) -> None:
    """Keep an address on a shared host as the LinkedIn URL or as the website."""
    if page_key(url) is not None:
        if own.get("linkedin_url") is None:
            with suppress(ValueError):
                own["linkedin_url"] = linkedin_url(url)
        if field == "website":
            del own["website"]
    elif field == "domain" and own.get("website") is None and "@" not in url:
        own["website"] = url if "://" in url else f"https://{url}"


def _check_id(own: dict[str, Any]) -> None:
    """Remove an id that is not one of this program."""
    id = own.get("id")
    if (id is not None and id != own.get("domain") and not is_company_id(id)) or ("id" in own and id is None):
        del own["id"]


def _has_name(own: dict[str, Any]) -> bool:
    return company_key(own.get("name")) is not None


def business_domain(emails: Sequence[Email]) -> str | None:
    """Return the domain of the first address that shows a company: of a personal address, else of a generic one."""
    for kind in ("personal", "generic"):
        for email in emails:
            if email.type == kind:
                try:
                    domain = company_domain(email.value.rpartition("@")[2])
                except ValueError:
                    continue
                if domain is not None:
                    return domain
    return None


def drop_unknown_times(own: dict[str, Any]) -> None:
    """Remove nulls, which leave the stored times unchanged, because a time cannot be cleared."""
    for name in _TIMES:
        if name in own and own[name] is None:
            del own[name]
