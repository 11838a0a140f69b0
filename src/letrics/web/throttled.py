"""The response to an attempt that comes too soon after failed ones."""

from __future__ import annotations

import math

from starlette.requests import Request
from starlette.responses import Response

from letrics.web.page import page


def throttled(request: Request, template: str, wait: int, **context: object) -> Response:
    """Show the page again with the time to wait, which is in milliseconds."""
    response = page(request, template, 429, problem=too_many_attempts(wait), **context)
    response.headers["Retry-After"] = str(math.ceil(wait / 1000))
    return response


def too_many_attempts(wait: int) -> str:
    """Error message for a caller that has to wait. `wait` is in milliseconds."""
    return f"Too many attempts: try again in {wait_words(wait)}."


def wait_words(milliseconds: int) -> str:
    """Format a duration in whole seconds, or in minutes above 90 seconds, rounded up."""
    seconds = math.ceil(milliseconds / 1000)
    return f"{math.ceil(seconds / 60)} minutes" if seconds > 90 else f"{seconds} second{'s' if seconds > 1 else ''}"
