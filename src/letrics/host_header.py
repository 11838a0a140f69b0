"""The form of a Host header (RFC 9110, section 7.2)."""

from __future__ import annotations

import re
from typing import Final

HOST: Final = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::[0-9]{1,5})?")
"""A host name or address and perhaps a port; the first group is the host. Names of containers may contain `_`."""
