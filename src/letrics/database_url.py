"""URLs of databases, as the setting `database` has them."""

from __future__ import annotations

import re
from typing import Final

_SECRETS: Final = ("password=", "sslpassword=")
"""Parameters of a URL that are secret."""
_AFTER_USER: Final = re.compile("[:/?]")
"""Matches what ends the first name in a URL, of the user or of the host."""


def without_password(url: str) -> str:
    """The URL without passwords, for messages. If it is malformed, rather too much of it is left out."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        scheme, rest = "", url
    credentials, at, place = rest.rpartition("@")
    if "?" in credentials:  # the @ may be in a password, of either form
        return f"{scheme}{separator}{_AFTER_USER.split(rest, 1)[0]}"
    address, question, parameters = place.partition("?")
    shown = "&".join(part for part in parameters.split("&") if not part.lower().startswith(_SECRETS))
    user = credentials.partition(":")[0]
    return f"{scheme}{separator}{user}{at}{address}{question if shown else ''}{shown}"
