"""URLs of databases, as the setting `database` has them."""

from __future__ import annotations

from typing import Final

_SECRETS: Final = ("password=", "sslpassword=")
"""Parameters of a URL that are secret."""


def without_password(url: str) -> str:
    """The URL without passwords, for messages. If it is malformed, rather too much of it is left out."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        scheme, rest = "", url
    credentials, at, place = rest.rpartition("@")
    address, question, parameters = place.partition("?")
    shown = "&".join(part for part in parameters.split("&") if not part.lower().startswith(_SECRETS))
    user = credentials.partition(":")[0]
    return f"{scheme}{separator}{user}{at}{address}{question if shown else ''}{shown}"
